//! Suites in continuous integration: paths from the root of the repository, and the summary of a step on GitHub.

use crate::support::world::World;

const FAILING: &str =
    "cases:\n- {name: it, mint: {}, expect: expired}\n- {name: other, mint: {}, expect: accepted}\n";

#[test]
fn paths_in_reports_start_at_the_workspace() {
    let world = World::new().file("work/api/s.yaml", FAILING).env("GITHUB_WORKSPACE", "/work");
    let report = |format: &str| {
        let outcome = world.run(format!("test work/api/s.yaml --report {format}=-"));
        assert_eq!(outcome.status, 1, "{}", outcome.stderr);
        outcome.text().to_owned()
    };
    assert!(report("github").starts_with("::error file=api/s.yaml,line=2,"));
    assert!(
        report("sarif").contains("\"uri\": \"api/s.yaml\",\n                  \"uriBaseId\": \"SRCROOT\"")
    );
    assert!(report("markdown").contains("\n`api/s.yaml:2`: expected `expired`, got `accepted`\n"));
    let junit = report("junit");
    assert!(junit.contains(" file=\"api/s.yaml\"") && junit.contains("<testsuite name=\"work/api/s.yaml\""));
    // A script opens the file that these name.
    assert!(report("json").starts_with("{\"suite\":\"work/api/s.yaml\""));
    assert!(report("tap").contains("    file: \"work/api/s.yaml\"\n"));
}

#[test]
fn the_markdown_report_has_no_token_and_no_secret() {
    let suite = "cases:\n- {name: '@you <b>|', mint: {sub: '![x](https://x.example)'}, sub: '``', expect: accepted}\n";
    let outcome = World::new().file("s.yaml", suite).run("test s.yaml --report markdown=- -q");
    let expected = "\
## fob: 1 of 1 case failed

### ✗ `@you <b>|`

`s.yaml:2`: expected `accepted`, got `wrong_subject`

```text
sub failed (wrong_subject): \"![x](https://x.example)\", expected \"``\"
```
";
    assert_eq!((outcome.status, outcome.text(), outcome.stderr.as_str()), (1, expected, ""));
}

#[cfg(unix)]
mod real {
    use super::FAILING;
    use crate::support::process::{Ended, Process};
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::Path;
    use std::process::Command;
    use tempfile::TempDir;

    /// Runs a command line in a folder, with these variables.
    fn run(folder: &Path, variables: &[(&str, &str)], line: &str) -> Ended {
        Process::line(line).with_secret().envs(variables).folder(folder).run()
    }

    fn git(folder: &Path, line: &str) {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=al", "-c", "user.email=al@example.org"]).args(line.split(' '));
        let output = git.current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Returns the path of the suite in the annotation of its failed case.
    #[track_caller]
    fn annotated(folder: &Path, variables: &[(&str, &str)], suite: &str) -> String {
        let ended = run(folder, variables, &format!("test {suite} --report github=-"));
        let path = ended.stdout.strip_prefix("::error file=").and_then(|rest| rest.split_once(",line="));
        path.unwrap_or_else(|| panic!("{}{}", ended.stdout, ended.stderr)).0.to_owned()
    }

    /// Returns a folder with the repository `repository`, its suite `api/tests/s.yaml`, and the worktree `worktree`.
    fn repository() -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("repository");
        fs::create_dir_all(root.join("api/tests")).unwrap();
        fs::write(root.join("api/tests/s.yaml"), FAILING).unwrap();
        git(&root, "init -q");
        git(&root, "add .");
        git(&root, "commit -q -m one");
        git(&root, "worktree add -q ../worktree");
        folder
    }

    #[test]
    fn the_root_is_the_folder_that_holds_git() {
        let folder = repository();
        let root = folder.path().join("repository");
        for (from, suite) in [
            ("repository", "api/tests/s.yaml"),
            ("repository/api", "tests/s.yaml"),
            ("repository/api/tests", "."),
            ("repository/api/tests", "../tests/s.yaml"),
            (".", "repository/api"),
            (".", "worktree/api/tests/s.yaml"),
            ("worktree/api", "../../repository/api/tests/s.yaml"),
        ] {
            assert_eq!(
                annotated(&folder.path().join(from), &[], suite),
                "api/tests/s.yaml",
                "{from} {suite}"
            );
        }
        let absolute = root.join("api/tests/s.yaml").display().to_string();
        assert_eq!(annotated(folder.path(), &[], &absolute), "api/tests/s.yaml");
        fs::write(folder.path().join("s.yaml"), FAILING).unwrap();
        assert_eq!(annotated(&root, &[], "../s.yaml"), "../s.yaml");
    }

    #[test]
    fn links_are_followed_inside_the_repository() {
        let folder = repository();
        let root = folder.path().join("repository");
        symlink("api/tests", root.join("linked")).unwrap();
        symlink("api/tests/s.yaml", root.join("s.yaml")).unwrap();
        assert_eq!(annotated(&root, &[], "linked/s.yaml"), "api/tests/s.yaml");
        assert_eq!(annotated(&root, &[], "s.yaml"), "api/tests/s.yaml");
        // A link out of the repository is itself a file of the repository.
        fs::create_dir(folder.path().join("outside")).unwrap();
        fs::write(folder.path().join("outside/s.yaml"), FAILING).unwrap();
        symlink("../outside", root.join("out")).unwrap();
        assert_eq!(annotated(&root, &[], "out/s.yaml"), "out/s.yaml");
        // The repository itself is behind a link.
        symlink("repository", folder.path().join("link")).unwrap();
        assert_eq!(annotated(folder.path(), &[], "link/api"), "api/tests/s.yaml");
        let workspace = folder.path().join("link").display().to_string();
        assert_eq!(annotated(&root, &[("GITHUB_WORKSPACE", &workspace)], "api"), "api/tests/s.yaml");
        let workspace = folder.path().join("link/api").display().to_string();
        assert_eq!(annotated(&root, &[("GITHUB_WORKSPACE", &workspace)], "api"), "tests/s.yaml");
        assert_eq!(annotated(&root, &[("GITHUB_WORKSPACE", "/github/workspace")], "api"), "api/tests/s.yaml");
    }

    const SUMMARY: &str = "GITHUB_STEP_SUMMARY";

    /// Returns a folder with a suite.
    fn suite() -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("s.yaml"), FAILING).unwrap();
        folder
    }

    #[test]
    fn each_run_is_appended_to_the_summary_of_the_step() {
        let folder = suite();
        let (path, summary) = (folder.path(), folder.path().join("summary.md"));
        let named = summary.display().to_string();
        let variables = [(SUMMARY, &*named)];
        let report = run(path, &[], "test s.yaml --report markdown=-").stdout;
        assert_eq!(run(path, &variables, "test s.yaml").status, Some(1));
        assert_eq!(fs::read_to_string(&summary).unwrap(), report);
        assert_eq!(run(path, &variables, "verify --suite s.yaml --json").status, Some(1));
        assert_eq!(fs::read_to_string(&summary).unwrap(), format!("{report}\n\n{report}"));
        fs::write(&summary, "of another command").unwrap();
        run(path, &variables, "test s.yaml --filter other --report markdown=own.md");
        let own = fs::read_to_string(path.join("own.md")).unwrap();
        assert!(own.starts_with("## fob: 1 case passed\n"), "{own}");
        assert_eq!(fs::read_to_string(&summary).unwrap(), format!("of another command\n\n{own}"));
    }

    #[test]
    fn a_run_that_is_quiet_or_judges_nothing_leaves_the_summary() {
        let folder = suite();
        let summary = folder.path().join("summary.md");
        let named = summary.display().to_string();
        for line in ["test s.yaml -q", "test none.yaml", "test s.yaml --filter none", "verify a.b.c"] {
            run(folder.path(), &[(SUMMARY, &named)], line);
            assert!(!summary.exists(), "{line}");
        }
        run(folder.path(), &[(SUMMARY, "")], "test s.yaml");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_report_that_goes_to_the_summary_is_appended_once() {
        let folder = suite();
        let (path, summary) = (folder.path(), folder.path().join("summary.md"));
        let report = run(path, &[], "test s.yaml --report markdown=-").stdout;
        let named = summary.display().to_string();
        symlink("summary.md", path.join("link.md")).unwrap();
        for asked in ["summary.md", &named, "./link.md"] {
            fs::write(&summary, "before\n").unwrap();
            let line = format!("test s.yaml -q --report markdown={asked}");
            assert_eq!(run(path, &[(SUMMARY, &named)], &line).status, Some(1), "{asked}");
            assert_eq!(fs::read_to_string(&summary).unwrap(), format!("before\n\n\n{report}"), "{asked}");
        }
        fs::write(&summary, "before\n").unwrap();
        run(path, &[(SUMMARY, &named)], "test s.yaml --report tap=summary.md");
        let text = fs::read_to_string(&summary).unwrap();
        assert!(text.starts_with("before\nTAP version 14\n") && !text.contains("## fob"), "{text}");
        assert!(path.join("link.md").is_symlink());
    }

    #[test]
    fn a_summary_that_cannot_be_written_changes_no_verdict() {
        let folder = suite();
        let (path, all) = (folder.path(), "test s.yaml");
        fs::create_dir(path.join("folder")).unwrap();
        let pipe = path.join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let full = path.join("full");
        fs::write(&full, " ".repeat((1 << 20) - 100)).unwrap();
        for (summary, said) in [
            ("none/s.md", "warning: cannot write the markdown report to none/s.md: No such file"),
            ("folder", "warning: cannot write the markdown report to folder: Is a directory"),
            ("pipe", "warning: cannot write the markdown report to pipe: No such device"),
            ("/dev/full", "warning: cannot write the markdown report to /dev/full: No space"),
            ("full", "warning: the summary full is full: GitHub shows at most 1 MiB\n"),
        ] {
            let plain = run(path, &[], all);
            let ended = run(path, &[(SUMMARY, summary)], all);
            assert_eq!(
                (ended.status, ended.stdout.lines().count()),
                (plain.status, plain.stdout.lines().count())
            );
            assert!(ended.stderr.starts_with(said) && ended.stderr.lines().count() == 1, "{}", ended.stderr);
            assert_eq!(
                run(path, &[(SUMMARY, summary)], "test s.yaml --filter other").status,
                Some(0),
                "{summary}"
            );
        }
        assert_eq!(fs::metadata(&full).unwrap().len(), (1 << 20) - 100);
        let asked = run(path, &[(SUMMARY, "none/s.md")], "test s.yaml --report markdown=none/s.md");
        assert_eq!(asked.status, Some(2));
        assert!(
            asked.stderr.starts_with("error: cannot write the markdown report to none/s.md: "),
            "{}",
            asked.stderr
        );
    }

    #[test]
    fn a_summary_can_be_a_stream_or_a_link() {
        let folder = suite();
        let path = folder.path();
        let report = run(path, &[], "test s.yaml --report markdown=-").stdout;
        let ended = run(path, &[(SUMMARY, "/dev/stdout")], "test s.yaml");
        assert!(ended.stdout.contains(&report), "{}", ended.stdout);
        fs::write(path.join("target"), "").unwrap();
        symlink("target", path.join("link")).unwrap();
        run(path, &[(SUMMARY, "link")], "test s.yaml");
        assert_eq!(fs::read_to_string(path.join("target")).unwrap(), report);
        // A pipe with a reader takes more than its buffer holds.
        let cases: String = (0..2000)
            .map(|number| format!("- {{name: case {number}, mint: {{}}, expect: expired}}\n"))
            .collect();
        fs::write(path.join("many.yaml"), format!("cases:\n{cases}")).unwrap();
        assert!(Command::new("mkfifo").arg(path.join("pipe")).status().unwrap().success());
        let pipe = path.join("pipe");
        // Open at both ends, the pipe has a reader from now on.
        let ends = fs::File::options().read(true).write(true).open(&pipe).unwrap();
        let reader = std::thread::spawn(move || fs::read_to_string(pipe).unwrap());
        assert_eq!(run(path, &[(SUMMARY, "pipe")], "test many.yaml").stderr, "");
        drop(ends);
        let text = reader.join().unwrap();
        assert!(
            text.len() > 100_000 && text.starts_with("## fob: 2000 of 2000 cases failed\n"),
            "{}",
            text.len()
        );
    }

    #[test]
    fn the_room_left_in_the_summary_limits_the_report() {
        let folder = suite();
        let path = folder.path();
        let cases: String = (0..100)
            .map(|number| format!("- {{name: case {number}, mint: {{}}, expect: expired}}\n"))
            .collect();
        fs::write(path.join("many.yaml"), format!("cases:\n{cases}")).unwrap();
        fs::write(path.join("summary"), " ".repeat((1 << 20) - 4000)).unwrap();
        run(path, &[(SUMMARY, "summary")], "test many.yaml");
        let text = fs::read_to_string(path.join("summary")).unwrap();
        assert!(text.len() <= 1 << 20 && text.len() > (1 << 20) - 1000, "{}", text.len());
        assert!(text.trim_start().starts_with("## fob: 100 of 100 cases failed\n"));
        let end = text.lines().last().unwrap();
        assert!(end.starts_with("The report is too large for a summary, and leaves out "), "{end}");
    }
}
