//! Commands in the logs of GitHub Actions, Azure Pipelines and TeamCity. These systems run those that they find in the output of a
//! step.

/// Escapes commands in lines of a log that such a system reads.
///
/// On GitHub `::` at the start of a line begins a command, and so does `##[` anywhere. Azure Pipelines has `##vso[` and TeamCity
/// `##teamcity[`. Text of a token or a path must not begin one.
pub(crate) fn escape_workflow_commands(lines: &str) -> String {
    let line = |line: &str| {
        let line = escape_brackets(line);
        match line.trim_start().strip_prefix("::") {
            Some(rest) => format!("\\u003a:{rest}"),
            None => line,
        }
    };
    lines.split_inclusive('\n').map(line).collect()
}

/// Replaces the second `#` of `##NAME[`, where the name is empty or of ASCII letters.
fn escape_brackets(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len());
    for part in line.split_inclusive('[') {
        let Some(before) = part.strip_suffix('[') else {
            escaped.push_str(part);
            break;
        };
        let start = before.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        match start.strip_suffix("##") {
            Some(first) => {
                let name = before.strip_prefix(start).unwrap_or_default();
                escaped.extend([first, "#\\u0023", name, "["]);
            }
            None => escaped.push_str(part),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    #[test]
    fn escapes_commands_in_lines_for_people() {
        let lines = "ok  a::b\n   ::error::x ##[\n###[stop-commands]y ##[z]\n::\n";
        let shown = "ok  a::b\n\\u003a:error::x #\\u0023[\n##\\u0023[stop-commands]y #\\u0023[z]\n\\u003a:\n";
        assert_eq!(super::escape_workflow_commands(lines), shown);
        let lines = "a ##vso[task.setvariable]b\n##TeamCity[x] ###vso[ ####[ ##a-b[ ## [\n";
        let shown =
            "a #\\u0023vso[task.setvariable]b\n#\\u0023TeamCity[x] ##\\u0023vso[ ###\\u0023[ ##a-b[ ## [\n";
        assert_eq!(super::escape_workflow_commands(lines), shown);
    }
}
