//! Tests of output in the log of a GitHub workflow: no text of a token or a path becomes a command.

use crate::support::world::{World, token};

const HOSTILE: &str = "##[set-output name=k]v";

/// Reports whether GitHub would find a command in these lines.
fn has_command(lines: &str) -> bool {
    lines.lines().any(|line| line.trim_start().starts_with("::") || line.contains("##["))
}

fn in_workflow() -> World {
    World::new().env("GITHUB_ACTIONS", "true")
}

#[test]
fn escapes_commands_in_messages() {
    for line in [format!("decode --claim '{HOSTILE}' {}", token("{}")), format!("test '{HOSTILE}'")] {
        let (outside, inside) = (World::new().run(&line), in_workflow().run(&line));
        assert_eq!(inside.status, outside.status, "{line}");
        assert!(has_command(&outside.stderr), "{line}: {}", outside.stderr);
        assert_eq!(inside.stderr, outside.stderr.replace("##[", "#\\u0023["), "{line}");
        let off = World::new().env("GITHUB_ACTIONS", "false").run(&line);
        assert_eq!(off.stderr, outside.stderr, "{line}");
    }
}

#[test]
fn escapes_commands_in_reports() {
    let token = token(&format!(r#"{{"iss":"{HOSTILE}","sub":"alice","exp":1,"::error::x":1}}"#));
    for (line, is_on_stderr) in [
        ("decode", false),
        ("inspect", false),
        ("inspect --redact", false),
        ("inspect --oneline", false),
        ("verify --iss x", false),
        ("verify --iss x --get sub", true),
        ("refresh --iss x", true),
    ] {
        let run = |world: World| world.stdin(&token).run(line);
        let (outside, inside) = (run(World::new()), run(in_workflow()));
        let report = |outcome: &crate::support::world::Outcome| match is_on_stderr {
            true => outcome.stderr.clone(),
            false => outcome.text().to_owned(),
        };
        assert!(has_command(&report(&outside)), "{line}: {}", report(&outside));
        assert!(!has_command(&inside.stderr) && !has_command(inside.text()), "{line}: {}", report(&inside));
    }
}

#[test]
fn values_tokens_and_documents_stay_as_they_are() {
    let token = token(&format!(r#"{{"iss":"{HOSTILE}"}}"#));
    for line in [
        "decode --claim iss",
        "decode --part payload",
        "decode --json",
        "inspect --json",
        "verify --get iss",
        "verify --json",
        "decode --lines --claim iss",
        "encode --no-iat",
    ] {
        let run = |world: World| world.stdin(&token).run(line).text().to_owned();
        assert_eq!(run(in_workflow()), run(World::new()), "{line}");
    }
}
