//! What a token is there for, by what stands a little way before it: a header, a member, a parameter, a cookie.

/// How far it looks back, in bytes.
pub(super) const FAR: usize = 200;

/// What stands before a token and says what it is there for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Context {
    /// After `Bearer` or the like; whether in a header called Authorization.
    Credential { scheme: String, header: bool },
    /// The value of another header.
    Header(String),
    /// The value of a JSON member.
    Member(String),
    /// The value of a parameter of a URL, a form or an environment.
    Parameter(String),
    /// The value of a cookie.
    Cookie(String),
    /// Nothing that says anything.
    Text,
}

impl Context {
    /// Looks back a little way.
    pub(super) fn before(text: &[u8], at: usize) -> Self {
        let window = text.get(at.saturating_sub(FAR)..at).unwrap_or_default();
        let window = String::from_utf8_lossy(window);
        let line = window.rsplit('\n').next().unwrap_or_default();
        let head = line.trim_end_matches(['"', '\'', ' ', '\t', '\\']);
        let lower = window.to_ascii_lowercase();
        let word = head.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if ["bearer", "jwt", "token"].contains(&word.to_ascii_lowercase().as_str()) && head.len() < line.len()
        {
            return Self::Credential { scheme: word.to_owned(), header: lower.contains("authorization") };
        }
        if let Some(named) = head.strip_suffix('=') {
            let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.[]".contains(c);
            let name = named.rsplit(|c: char| !is_name(c)).next().unwrap_or_default();
            let cookie = line.to_ascii_lowercase().contains("cookie");
            return match name {
                "" => Self::Text,
                name if cookie => Self::Cookie(name.to_owned()),
                name => Self::Parameter(name.to_owned()),
            };
        }
        if let Some(member) = head.strip_suffix(':') {
            let quoted: Vec<&str> = window.split('"').collect();
            let name = member.trim_end().trim_end_matches(['"', '\'', '\\']);
            let name = name.rsplit(['"', '\'', '{', ',', ' ', '\\']).next().unwrap_or_default();
            if name.eq_ignore_ascii_case("authorization") {
                return Self::Credential { scheme: String::new(), header: true };
            }
            let bare = member.trim_start_matches(['>', '<', '*', ' ', '\t']);
            if !name.is_empty() && bare == name {
                return Self::Header(name.to_owned());
            }
            // In a HAR file it is {"name": …, "value": …}; the name says more.
            let told = quoted.windows(3).rev().find_map(|parts| match parts {
                ["name", colon, name] if colon.trim() == ":" => Some((*name).to_owned()),
                _ => None,
            });
            return match (name, told) {
                ("", _) => Self::Text,
                ("value", Some(told)) => Self::Member(told),
                (name, _) => Self::Member(name.to_owned()),
            };
        }
        Self::Text
    }

    pub(super) fn describe(&self) -> String {
        match self {
            Self::Credential { header: true, .. } => "Authorization header".to_owned(),
            Self::Credential { scheme, .. } => format!("after {scheme}"),
            Self::Header(name) => format!("header {name}"),
            Self::Member(name) => format!("member {name}"),
            Self::Parameter(name) => format!("parameter {name}"),
            Self::Cookie(name) => format!("cookie {name}"),
            Self::Text => "text".to_owned(),
        }
    }
}
