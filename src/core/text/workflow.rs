//! Commands in the log of a GitHub workflow. GitHub runs those that it finds in the output of a step.

/// Escapes workflow commands in lines of a log that GitHub reads.
///
/// `::` at the start of a line begins a command, and so does `##[` anywhere. Text of a token or a path must not.
pub(crate) fn escape_workflow_commands(lines: &str) -> String {
    let line = |line: &str| {
        let line = line.replace("##[", "#\\u0023[");
        match line.trim_start().strip_prefix("::") {
            Some(rest) => format!("\\u003a:{rest}"),
            None => line,
        }
    };
    lines.split_inclusive('\n').map(line).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn escapes_commands_in_lines_for_people() {
        let lines = "ok  a::b\n   ::error::x ##[\n###[stop-commands]y ##[z]\n::\n";
        let shown = "ok  a::b\n\\u003a:error::x #\\u0023[\n##\\u0023[stop-commands]y #\\u0023[z]\n\\u003a:\n";
        assert_eq!(super::escape_workflow_commands(lines), shown);
    }
}
