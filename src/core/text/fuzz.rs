//! The fuzz target of `escape`: no form of showing a text lets a hostile character out, and none loses a character.

use super::escape::{
    Escapes, EscapingWriter, Quoted, Shown, beginning, excerpt, holds_hostile, is_compact_json, is_hostile,
    is_verbatim_text, push_quoted, shown_bytes, text_excerpt, write_json_string, write_string_excerpt,
    write_text_excerpt,
};
use super::workflow::escape_workflow_commands;
use crate::core::text::{shell, wrap};
use std::fmt::Write as _;

/// Shows a text in every form.
pub fn escape(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    assert_eq!(holds_hostile(&text), text.chars().any(is_hostile));
    let shown = Shown(&text).to_string();
    assert_safe(&shown);
    assert_eq!(shown, shown_bytes(bytes));
    assert_eq!(shown == text, !holds_hostile(&text));
    assert_eq!(Shown(&shown).to_string(), shown);

    let quoted = Quoted(&text).to_string();
    assert_safe(&quoted);
    assert_reads_as(&quoted, &text);
    let mut pushed = Vec::new();
    push_quoted(&mut pushed, &text);
    assert_eq!(pushed, quoted.as_bytes());
    let mut inside = Vec::new();
    assert!(EscapingWriter(&mut inside).write_str(&text).is_ok());
    assert_eq!([b"\"", &*inside, b"\""].concat(), quoted.as_bytes());
    assert_eq!(is_verbatim_text(text.as_bytes()), quoted.len() == text.len() + 2 && text.is_ascii());
    assert!(!is_compact_json(text.as_bytes()) || !holds_hostile(&text));
    for escapes in [Escapes::Needed, Escapes::Ascii] {
        let mut written = String::new();
        assert!(write_json_string(&mut written, &text, escapes).is_ok());
        assert_reads_as(&written, &text);
        assert!(escapes == Escapes::Needed || written.bytes().all(|byte| matches!(byte, b' '..=b'~')));
    }

    let mut written = String::new();
    assert!(write_text_excerpt(&mut written, &text).is_ok());
    assert_safe(&written);
    assert_eq!(written, text_excerpt(&text));
    written.clear();
    assert!(write_string_excerpt(&mut written, &text).is_ok());
    assert_safe(&written);
    assert!(written.chars().count() <= 201);
    assert!(excerpt(&text).chars().count() <= 121);
    assert!(text.starts_with(beginning(&text, 7).trim_end_matches('…')) || text.contains('…'));

    assert_no_workflow_command(&escape_workflow_commands(&text));
    assert_eq!(unquoted(&shell::word(&text)), text);
    if let Some(argument) = shell::argument(&text) {
        assert_safe(&argument);
        assert_eq!(unquoted(&argument), text);
    }
    for width in [7, 80] {
        let room = wrap::Room { first: width, rest: width };
        let kept: String = wrap::lines(&shown, room).into_iter().filter_map(|line| shown.get(line)).collect();
        let without_blanks = |text: &str| text.replace(' ', "");
        assert_eq!(without_blanks(&kept), without_blanks(&shown));
    }
}

/// Asserts that a text is one line that a terminal shows in the order in which it is written.
fn assert_safe(shown: &str) {
    let found = shown.chars().find(|c| is_hostile(*c) || c.is_control());
    assert_eq!(found, None, "{shown:?}");
}

/// Asserts that another parser reads a JSON string as this text.
fn assert_reads_as(json: &str, text: &str) {
    assert_eq!(serde_json::from_str::<String>(json).ok().as_deref(), Some(text));
}

/// Asserts that GitHub finds no command in a log.
fn assert_no_workflow_command(log: &str) {
    let has_command = |line: &str| line.trim_start().starts_with("::") || line.contains("##[");
    assert!(!log.lines().any(has_command), "{log:?}");
}

/// Returns the text that a POSIX shell makes of a word with apostrophes.
fn unquoted(word: &str) -> String {
    let (mut text, mut characters, mut is_quoted) = (String::new(), word.chars(), false);
    while let Some(c) = characters.next() {
        match c {
            '\'' => is_quoted = !is_quoted,
            '\\' if !is_quoted => text.extend(characters.next()),
            c => text.push(c),
        }
    }
    assert!(!is_quoted, "{word:?}");
    text
}
