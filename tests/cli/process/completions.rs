//! The completion scripts in real shells. A test says that it is skipped where its shell is not installed.

use crate::support::client::setting;
use crate::support::world::World;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Returns a folder with files to complete, and the script of a shell beside it. `None` if the shell is not installed.
fn prepared(shell: &str) -> Option<TempDir> {
    if Command::new(shell).arg("--version").output().is_err() {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path().join("work");
    fs::create_dir_all(work.join("my keys")).unwrap();
    for name in ["my token.jwt", "suite.toml", "my keys/a.pem"] {
        fs::write(work.join(name), "").unwrap();
    }
    let script = World::bare().run(format!("completions {shell}"));
    fs::write(folder.path().join("_fob"), script.text()).unwrap();
    Some(folder)
}

/// Runs a script in the folder of the files, without the settings of the user, and returns what it prints.
#[track_caller]
fn printed(folder: &Path, shell: &str, options: &[&str], script: &str) -> String {
    fs::write(folder.join("test"), script).unwrap();
    let mut command = Command::new(shell);
    command.args(options).arg(folder.join("test")).current_dir(folder.join("work"));
    command.env_clear().env("PATH", setting("PATH").unwrap()).env("HOME", folder).env("LC_ALL", "C.UTF-8");
    let output = command.stdin(Stdio::null()).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{shell}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn bash_completes_words_values_and_paths() {
    let Some(folder) = prepared("bash") else {
        println!("skipped: there is no bash");
        return;
    };
    // A line is: what bash replaces, a bar, and the words as bash splits them, a bar between them. A bar and what must be
    // offered follow.
    let cases: [(&str, &[&str], &[&str]); 22] = [
        ("ver", &["ver"], &["verify"]),
        ("ne", &["key", "ne"], &["new"]),
        ("--heade", &["mint", "--heade"], &["--header"]),
        ("--thum", &["key", "show", "--thum"], &["--thumbprint"]),
        ("ES25", &["encode", "--alg", "ES25"], &["ES256", "ES256K"]),
        ("wrong_a", &["verify", "--expect", "wrong_a"], &["wrong_audience"]),
        ("segm", &["verify", "--expect", "malformed", ":", "segm"], &["segments"]),
        ("malformed:segm", &["verify", "--expect", "malformed:segm"], &["malformed:segments"]),
        ("al", &["decode", "--color", "=", "al"], &["always"]),
        ("n", &["--color", "=", "n"], &["never"]),
        ("ju", &["test", "--report", "ju"], &["junit="]),
        ("", &["inspect", "--report", ""], &["html="]),
        ("su", &["test", "--report", "junit", "=", "su"], &["suite.toml"]),
        ("su", &["verify", "--suite", "su"], &["suite.toml"]),
        ("ut", &["decode", "--tz", "ut"], &["utc"]),
        ("+1", &["encode", "--exp", "+1"], &["+15m", "+1h", "+1d"]),
        ("oa", &["pair", "--profile", "oa"], &["oauth"]),
        ("alg-n", &["encode", "--flaw", "alg-n"], &["alg-none"]),
        ("", &["decode", "@"], &["my keys", "my token.jwt", "suite.toml"]),
        ("my\\ t", &["decode", "@", "my\\ t"], &["my token.jwt"]),
        ("@su", &["encode", "@su"], &["@suite.toml"]),
        ("ve", &["help", "ve"], &["verify"]),
    ];
    let quoted = |word: &str| format!("'{word}'");
    let mut script = "compopt() { :; }\nsource ../_fob\n".to_owned();
    for (replaced, words, _) in &cases {
        let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        script.push_str(&format!(
            "COMP_WORDS=(fob {}); COMP_CWORD={}; COMPREPLY=()\n_fob_whole_words fob {} ''\nprintf '<%s>' \"${{COMPREPLY[@]}}\"; echo\n",
            words.join(" "),
            words.len(),
            quoted(replaced)
        ));
    }
    script.push_str("complete -p fob\n");
    let printed = printed(folder.path(), "bash", &["--norc", "--noprofile"], &script);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines.len(), cases.len() + 1, "{printed}");
    for ((_, words, expected), line) in cases.iter().zip(&lines) {
        let mut offered: Vec<&str> = line.trim_matches(['<', '>']).split("><").collect();
        let mut expected = expected.to_vec();
        offered.sort_unstable();
        expected.sort_unstable();
        assert_eq!(offered, expected, "{words:?}");
    }
    assert!(lines.last().unwrap().contains("-F _fob_whole_words"), "{printed}");
}

#[test]
fn zsh_completes_words_values_and_paths() {
    let Some(folder) = prepared("zsh") else {
        println!("skipped: there is no zsh");
        return;
    };
    // Each line is typed at a pseudo-terminal, with Tab at its end.
    let cases = [
        ("fob ver", "fob verify "),
        ("fob sign --heade", "fob sign --header="),
        ("fob key show --thum", "fob key show --thumbprint "),
        ("fob verify --expect wrong_a", "fob verify --expect wrong_audience "),
        ("fob verify --expect malformed:segm", "fob verify --expect malformed:segments "),
        ("fob decode --color=al", "fob decode --color=always "),
        ("fob test --report ju", "fob test --report junit="),
        ("fob test --report junit=su", "fob test --report junit=suite.toml "),
        ("fob verify --suite su", "fob verify --suite suite.toml "),
        ("fob decode @su", "fob decode @suite.toml "),
        ("fob decode @my\\ t", "fob decode @my\\ token.jwt "),
        ("fob encode --flaw alg-n", "fob encode --flaw alg-none "),
        ("fob pair --profile oa", "fob pair --profile oauth "),
        ("fob completions fi", "fob completions fish "),
    ];
    let mut script = "zmodload zsh/zpty || exit 1\nzpty -b z zsh -f -i\n".to_owned();
    // A key prints the line, and clears it. The shell is ready when it has made a file.
    let setup = "PROMPT=; autoload -U compinit; compinit -u -D; source ../_fob; \
                 report() { print -r -- \"<$BUFFER>\" >> ../lines; BUFFER=; }; zle -N report; bindkey \"^X\" report; \
                 setopt no_beep no_auto_menu; : > ../ready";
    script.push_str(&format!(
        "zpty -w z '{setup}'\nfor i in {{1..300}}; do [[ -e ../ready ]] && break; sleep 0.1; done\nsleep 0.3\n"
    ));
    for (index, (typed, _)) in cases.iter().enumerate() {
        let typed = typed.replace('\\', "\\\\");
        script.push_str(&format!(
            "zpty -w -n z $'{typed}\\t\\C-x'\nfor i in {{1..300}}; do zpty -r -t z > /dev/null; [[ -e ../lines && $(wc -l < ../lines) -gt {index} ]] && break; sleep 0.1; done\n"
        ));
    }
    script.push_str("zpty -d z\ncat ../lines\n");
    let printed = printed(folder.path(), "zsh", &["-f"], &script);
    let expected: String = cases.iter().map(|(_, line)| format!("<{line}>\n")).collect();
    assert_eq!(printed, expected);
}

#[test]
fn fish_completes_words_values_and_paths() {
    let Some(folder) = prepared("fish") else {
        println!("skipped: there is no fish");
        return;
    };
    let cases: [(&str, &[&str]); 15] = [
        ("fob ver", &["verify"]),
        ("fob mint --heade", &["--header"]),
        ("fob key show --thum", &["--thumbprint"]),
        ("fob verify --expect wrong_a", &["wrong_audience"]),
        ("fob verify --expect malformed:segm", &["malformed:segments"]),
        ("fob decode --color=al", &["--color=always"]),
        ("fob test --report ju", &["junit="]),
        ("fob test --report junit=su", &["junit=suite.toml"]),
        ("fob test --report=junit=su", &["--report=junit=suite.toml"]),
        ("fob verify --suite su", &["suite.toml"]),
        ("fob decode @su", &["@suite.toml"]),
        ("fob decode @my\\\\ ", &["@my keys/", "@my token.jwt"]),
        ("fob pair --profile oa", &["oauth"]),
        ("fob completions fi", &["fish"]),
        ("fob help ve", &["verify"]),
    ];
    let mut script = "source ../_fob\n".to_owned();
    for (line, _) in cases {
        script.push_str(&format!(
            "printf '<%s>' (complete -C '{line}' | string replace -r '\\t.*' ''); echo\n"
        ));
    }
    let printed = printed(folder.path(), "fish", &["--no-config"], &script);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines.len(), cases.len(), "{printed}");
    for ((line, expected), offered) in cases.iter().zip(lines) {
        let offered: Vec<&str> = offered.trim_matches(['<', '>']).split("><").collect();
        assert_eq!(&offered, expected, "{line}");
    }
}
