//! Arguments as a user types them in a shell.

/// Returns a text as one argument of a POSIX shell, quoted if it must be. Returns `None` for a text that a terminal cannot
/// show unchanged, and for one that is too long for a message.
#[must_use]
pub fn argument(text: &str) -> Option<String> {
    const LONGEST: usize = 500;
    if text.len() > LONGEST || text.chars().any(|c| c.is_control() || c == '\'' || !c.is_ascii()) {
        return None;
    }
    let is_plain =
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c));
    Some(if is_plain { text.to_owned() } else { format!("'{text}'") })
}

/// Returns a text as one word of a POSIX shell, quoted if it must be.
#[must_use]
pub fn word(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./+=:@%,".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// Returns an option and its value as words of a POSIX shell. A value that begins with `-` would be read as an option.
#[must_use]
pub fn option(name: &str, value: &str) -> String {
    let separator = if value.starts_with('-') { '=' } else { ' ' };
    format!("{name}{separator}{}", word(value))
}

/// Returns the command that makes a file private: its user alone can access it. On Windows, that is the owner of the file.
#[must_use]
pub fn make_private(path: &str) -> String {
    if cfg!(windows) {
        // Both shells of Windows understand these quotes, and no path has any. S-1-3-4 is the owner.
        format!("icacls \"{path}\" /inheritance:r /grant:r *S-1-3-4:F")
    } else {
        format!("chmod 600 {}", word(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_one_word_of_its_option() {
        for (value, written) in [
            ("api.json", "--session api.json"),
            ("my api.json", "--session 'my api.json'"),
            ("o'neill", r"--session 'o'\''neill'"),
            ("-api.json", "--session=-api.json"),
        ] {
            assert_eq!(option("--session", value), written);
        }
    }

    #[test]
    fn quotes_what_a_shell_would_change() {
        assert_eq!(argument("a:=1.5"), Some("a:=1.5".to_owned()));
        assert_eq!(argument(""), Some("''".to_owned()));
        assert_eq!(argument("a b"), Some("'a b'".to_owned()));
        assert_eq!(argument("$a[1]\"*"), Some("'$a[1]\"*'".to_owned()));
        for text in ["it's", "\u{1b}[1m", "é", &"a".repeat(501)] {
            assert_eq!(argument(text), None, "{text:?}");
        }
    }
}
