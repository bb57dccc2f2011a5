//! The schema of our SQLite files, and what differs from it in another file. A trigger or a view of another program could
//! change what a query finds, so such a file is refused before its tables are read.

use super::super::error::SchemaDifference;
use rusqlite::Connection;

/// A table or an index.
struct SchemaObject {
    kind: &'static str,
    name: &'static str,
    sql: &'static str,
}

/// Everything in a store.
const OBJECTS: [SchemaObject; 2] = [
    SchemaObject {
        kind: "table",
        name: "records",
        sql: "CREATE TABLE records (
    tag     TEXT NOT NULL, -- the hash tag of the subject
    name    TEXT NOT NULL, -- the kind and ID of the record
    text    TEXT NOT NULL, -- JSON
    expires INTEGER,       -- when it may be deleted, in milliseconds since 1970
    PRIMARY KEY (tag, name)
) STRICT, WITHOUT ROWID",
    },
    SchemaObject {
        kind: "index",
        name: "by_expiry",
        sql: "CREATE INDEX by_expiry ON records (expires) WHERE expires IS NOT NULL",
    },
];

/// The tables that `ANALYZE` adds. They hold figures for the planner of queries, which change no answer.
const STATISTICS: [SchemaObject; 2] = [
    SchemaObject { kind: "table", name: "sqlite_stat1", sql: "CREATE TABLE sqlite_stat1(tbl,idx,stat)" },
    SchemaObject {
        kind: "table",
        name: "sqlite_stat4",
        sql: "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)",
    },
];

impl SchemaObject {
    /// Reports whether this is an object with this statement, whose comments and white space may differ.
    fn is(&self, kind: &str, name: &str, sql: Option<&str>) -> bool {
        self.kind == kind && self.name == name && sql.is_some_and(|sql| words(sql) == words(self.sql))
    }
}

/// Creates the tables of a new store.
pub(super) fn create(connection: &Connection) -> rusqlite::Result<()> {
    OBJECTS.iter().try_for_each(|object| connection.execute_batch(object.sql))
}

/// Reports whether the first page of a file has the statement of our table. Copies by `.dump` and `.clone` keep it, but lose
/// the application ID.
pub(super) fn is_in(page: &[u8]) -> bool {
    let [records, _] = &OBJECTS;
    page.windows(records.sql.len()).any(|part| part == records.sql.as_bytes())
}

/// Returns the first difference from our schema. The text of a statement may differ in comments and white space.
pub(super) fn difference(connection: &Connection) -> rusqlite::Result<Option<SchemaDifference>> {
    let mut statement = connection.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY rowid")?;
    let mut rows = statement.query([])?;
    let mut missing: Vec<&SchemaObject> = OBJECTS.iter().collect();
    while let Some(row) = rows.next()? {
        let (kind, name, sql): (String, String, Option<String>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if STATISTICS.iter().any(|own| own.is(&kind, &name, sql.as_deref())) {
            continue;
        }
        let Some(index) = missing.iter().position(|own| own.kind == kind && own.name == name) else {
            return Ok(Some(SchemaDifference::Unknown { kind, name }));
        };
        let own = missing.swap_remove(index);
        if !own.is(&kind, &name, sql.as_deref()) {
            return Ok(Some(SchemaDifference::Changed { kind: own.kind, name: own.name }));
        }
    }
    Ok(missing.first().map(|own| SchemaDifference::Missing { kind: own.kind, name: own.name }))
}

/// Returns the words and marks of a statement, without its comments. None of our statements has a text in quotes, in which
/// `--` would not begin a comment.
fn words(sql: &str) -> Vec<&str> {
    let code = |line: &'_ str| line.find("--").unwrap_or(line.len());
    sql.lines()
        .filter_map(|line| line.get(..code(line)))
        .flat_map(|code| code.split_inclusive(['(', ')', ',']))
        .flat_map(|part| {
            let mark = part.len() - usize::from(part.ends_with(['(', ')', ',']));
            let (words, mark) = part.split_at_checked(mark).unwrap_or((part, ""));
            words.split_ascii_whitespace().chain((!mark.is_empty()).then_some(mark))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use SchemaDifference::{Changed, Missing, Unknown};

    /// Returns the difference of a new store after these statements.
    fn after(statements: &str) -> Option<SchemaDifference> {
        let connection = Connection::open_in_memory().unwrap();
        create(&connection).unwrap();
        connection.execute_batch(statements).unwrap();
        difference(&connection).unwrap()
    }

    fn unknown(kind: &str, name: &str) -> Option<SchemaDifference> {
        Some(Unknown { kind: kind.to_owned(), name: name.to_owned() })
    }

    #[test]
    fn names_everything_foreign() {
        assert_eq!(after(""), None);
        assert_eq!(
            after("CREATE TRIGGER t AFTER INSERT ON records BEGIN DELETE FROM records; END"),
            unknown("trigger", "t")
        );
        assert_eq!(after("CREATE VIEW v AS SELECT 1"), unknown("view", "v"));
        assert_eq!(after("CREATE TABLE more (x)"), unknown("table", "more"));
        assert_eq!(after("CREATE INDEX more ON records (upper(text))"), unknown("index", "more"));
        assert_eq!(after("DROP INDEX by_expiry"), Some(Missing { kind: "index", name: "by_expiry" }));
        assert_eq!(after("DROP TABLE records; CREATE TABLE more (x)"), unknown("table", "more"));
    }

    #[test]
    fn names_a_table_that_differs() {
        let changed = Some(Changed { kind: "table", name: "records" });
        for (from, to) in [
            ("text    TEXT NOT NULL", "text TEXT NOT NULL GENERATED ALWAYS AS (upper(name))"),
            ("text    TEXT NOT NULL", "text TEXT NOT NULL COLLATE NOCASE"),
            ("text    TEXT NOT NULL", "text TEXT NOT NULL CHECK (length(hex(text)) > 0)"),
            ("expires INTEGER", "expires INTEGER DEFAULT 0"),
            ("expires INTEGER", "expires INTEGER /* -- */ DEFAULT 0"),
            ("PRIMARY KEY (tag, name)", "PRIMARY KEY (tag, name) ON CONFLICT IGNORE"),
        ] {
            let own = OBJECTS[0].sql;
            assert!(own.contains(from), "{from}");
            let statements = format!("DROP TABLE records; {};", own.replace(from, to));
            assert_eq!(after(&statements), changed, "{to}");
        }
        let view = "DROP TABLE records; CREATE VIEW records AS SELECT 1 AS tag";
        assert_eq!(after(view), unknown("view", "records"));
    }

    #[test]
    fn ignores_the_statistics_of_the_planner() {
        assert_eq!(after("INSERT INTO records VALUES ('a', 'b', 'c', 1); ANALYZE"), None);
        let forged = "ANALYZE; PRAGMA writable_schema = on;
            UPDATE sqlite_schema SET sql = 'CREATE TABLE sqlite_stat1(tbl,idx,stat CHECK (1))' WHERE name = 'sqlite_stat1'";
        assert_eq!(after(forged), unknown("table", "sqlite_stat1"));
        assert_eq!(after("CREATE TABLE \"sqlite-stat1\" (tbl,idx,stat)"), unknown("table", "sqlite-stat1"));
    }

    #[test]
    fn ignores_comments_and_white_space() {
        let other =
            "DROP TABLE records; CREATE TABLE IF NOT EXISTS records (tag TEXT NOT NULL, name TEXT NOT NULL,
            text TEXT NOT NULL, -- a 'comment'
            expires INTEGER,\t-- no end
            PRIMARY KEY (tag, name)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX by_expiry  ON records (expires) WHERE expires IS NOT NULL";
        assert_eq!(after(other), None);
    }
}
