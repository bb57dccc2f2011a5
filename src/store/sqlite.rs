//! A store in a file of SQLite. The only file that names rusqlite. What is not a store of this program, or not whole, is
//! left as it is.

use super::record::Key;
use super::{Absent, Changes, Opened, Seen, Shelf, Spot};
use crate::core::token::numeric_date::NumericDate;
use crate::error::CommandError;
use rusqlite::config::DbConfig;
use rusqlite::{
    Connection, ErrorCode, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior, params,
};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What tells a file of ours from those of others: `fobs`, at offset 68 of the header.
const APPLICATION: u32 = 0x666F_6273;
/// The version of the schema, at offset 60 of the header.
const SCHEMA: u32 = 1;
/// How long one process waits for the others.
const PATIENCE: Duration = Duration::from_secs(10);
/// A file up to this size is looked through before it is used, in bytes: that takes a tenth of a second at the most.
const LOOKED_THROUGH: u64 = 32 << 20;

const TABLES: &str = "
    CREATE TABLE records (
        tag     TEXT NOT NULL, -- the subject
        name    TEXT NOT NULL, -- what is recorded of it
        text    TEXT NOT NULL, -- JSON
        expires INTEGER,       -- when it may go, in milliseconds since 1970
        PRIMARY KEY (tag, name)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX by_expiry ON records (expires) WHERE expires IS NOT NULL;
";

struct Sqlite {
    connection: Connection,
    path: PathBuf,
}

/// Opens a file, or makes it if it may.
pub(super) fn open(path: &Path, absent: Absent) -> Result<Opened, CommandError> {
    let is_new = match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => false,
        Ok(_) => return Err(unusable(path, "it is no file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound && path.is_symlink() => {
            let there = std::fs::read_link(path).unwrap_or_default();
            return Err(unusable(path, &format!("it is a link to {}, which is not there", there.display())));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound && absent == Absent::Made => create(path)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(unusable(path, "there is no such file")
                .with_hint("`fob pair --store` and `fob revoke --store` make one"));
        }
        Err(error) => return Err(unusable(path, &error.to_string())),
    };
    check_header(path)?;
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let has_log = std::fs::metadata(log).is_ok_and(|metadata| metadata.len() > 0);
    let failed = |error| failure(path, "open", &error);
    // A name such as `:memory:` means something else to SQLite.
    let absolute = std::path::absolute(path).map_err(|error| unusable(path, &error.to_string()))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(absolute, flags).map_err(failed)?;
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    check_content(&connection, path, has_log)?;
    Ok(Opened { shelf: Box::new(Sqlite { connection, path: path.to_owned() }), is_new, remark: None })
}

/// Makes an empty store beside its place and puts it there whole; `false` if somebody else was quicker. Its owner alone
/// may read it, and SQLite gives the files beside it the same mode.
fn create(path: &Path) -> Result<bool, CommandError> {
    let unmade = |error: &dyn std::fmt::Display| {
        CommandError::usage(format!("cannot make the store {}: {error}", path.display()))
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::metadata(folder).map_err(|error| unmade(&error))?;
    let file = tempfile::Builder::new()
        .prefix(".fob-")
        .tempfile_in(folder)
        // Its name would be in the error, and nobody knows it.
        .map_err(|error| unmade(&io::Error::from(error.kind())))?;
    let written = (|| {
        let connection = Connection::open(file.path())?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.execute_batch(TABLES)?;
        connection.pragma_update(None, "application_id", APPLICATION)?;
        connection.pragma_update(None, "user_version", SCHEMA)?;
        connection.close().map_err(|(_, error)| error)
    })();
    written.map_err(|error| unmade(&error))?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(failed) => Err(unmade(&failed.error)),
    }
}

/// Looks at the first bytes of a file, so that SQLite never sees one that is not ours (the file format of SQLite, section
/// 1.3).
fn check_header(path: &Path) -> Result<(), CommandError> {
    const MAGIC: &[u8] = b"SQLite format 3\0";
    let mut header = Vec::new();
    let read = File::open(path).and_then(|file| file.take(100).read_to_end(&mut header));
    read.map_err(|error| unusable(path, &error.to_string()))?;
    let number = |offset: usize| {
        let bytes = header.get(offset..offset + 4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    };
    let foreign = "nothing was changed; give --store another path";
    match (header.starts_with(MAGIC), number(60), number(68)) {
        (true, Some(SCHEMA), Some(APPLICATION)) => Ok(()),
        (true, Some(newer), Some(APPLICATION)) => {
            let what = format!("its schema has version {newer}, and this program knows {SCHEMA}");
            Err(unusable(path, &what).with_hint("a newer version of this program wrote it"))
        }
        (true, ..) => Err(unusable(path, "it is a database of another program").with_hint(foreign)),
        _ if header.is_empty() => Err(unusable(path, "it is empty")
            .with_hint("if nothing was in it, remove it; a store is made whole, or not at all")),
        _ => Err(unusable(path, "it is no database").with_hint(foreign)),
    }
}

fn check_content(connection: &Connection, path: &Path, has_log: bool) -> Result<(), CommandError> {
    let failed = |error| failure(path, "read", &error);
    // Whatever is found now, nothing of a log is carried over into the file when this ends. Without a log there is
    // nothing to carry over, and what SQLite lays beside the file goes again.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, has_log).map_err(failed)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false).map_err(failed)?;
    connection.pragma_update(None, "cell_size_check", true).map_err(failed)?;
    // What is acknowledged is on the disk.
    connection.pragma_update(None, "synchronous", "full").map_err(failed)?;
    if std::fs::metadata(path).is_ok_and(|metadata| metadata.len() <= LOOKED_THROUGH) {
        let found: String =
            connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(failed)?;
        if found != "ok" {
            return Err(damaged(path, &found));
        }
    }
    // The header may be younger in the log beside the file.
    let version: u32 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)?;
    if version != SCHEMA {
        return Err(unusable(
            path,
            &format!("its schema has version {version}, and this program knows {SCHEMA}"),
        ));
    }
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).map_err(failed)?;
    Ok(())
}

impl Shelf for Sqlite {
    fn read(&mut self, spots: &[Spot]) -> Result<Vec<Seen>, CommandError> {
        let path = &self.path;
        let failed = |error| failure(path, "read", &error);
        // One transaction: what belongs together is seen together.
        let transaction = self.connection.transaction().map_err(failed)?;
        spots.iter().map(|spot| see(&transaction, spot, path)).collect()
    }

    fn write(&mut self, spot: &Spot, seen: &Seen, changes: &Changes) -> Result<bool, CommandError> {
        let path = &self.path;
        let failed = |error| failure(path, "write", &error);
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        if see(&transaction, spot, path)? != *seen {
            return Ok(false);
        }
        for write in &changes.records {
            let expires = write.expires.map(NumericDate::milliseconds);
            transaction
                .prepare_cached(
                    "INSERT INTO records (tag, name, text, expires) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT DO UPDATE SET text = ?3, expires = max(expires, ?4)",
                )
                .and_then(|mut statement| {
                    statement.execute(params![spot.tag, write.key.name(), write.text, expires])
                })
                .map_err(failed)?;
        }
        let forget = changes.forget.milliseconds();
        transaction.execute("DELETE FROM records WHERE expires < ?1", [forget]).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        Ok(true)
    }

    fn all(&mut self) -> Result<Vec<String>, CommandError> {
        let texts = || {
            let mut statement = self.connection.prepare("SELECT text FROM records ORDER BY tag, name")?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect::<Result<Vec<String>, _>>()
        };
        texts().map_err(|error| failure(&self.path, "read", &error))
    }

    fn prune(&mut self, now: NumericDate) -> Result<Option<usize>, CommandError> {
        self.connection
            .execute("DELETE FROM records WHERE expires <= ?1", [now.milliseconds()])
            .map(Some)
            .map_err(|error| failure(&self.path, "write", &error))
    }
}

fn see(transaction: &Transaction<'_>, spot: &Spot, path: &Path) -> Result<Seen, CommandError> {
    let get = |key: Key| {
        transaction
            .prepare_cached("SELECT text FROM records WHERE tag = ?1 AND name = ?2")
            .and_then(|mut statement| {
                statement.query_row(params![spot.tag, key.name()], |row| row.get(0)).optional()
            })
            .map_err(|error| failure(path, "read", &error))
    };
    let token: Option<String> = get(Key::Token(spot.token.clone()))?;
    let family = get(Key::Family(spot.family_of(token.as_deref())?))?;
    Ok(Seen { token, family, subject: get(Key::Subject)?, ..Seen::default() })
}

fn unusable(path: &Path, why: &str) -> CommandError {
    CommandError::usage(format!("cannot use the store {}: {why}", path.display()))
}

fn damaged(path: &Path, how: &str) -> CommandError {
    unusable(path, &format!("it is damaged: {how}"))
        .with_hint("nothing was changed; `sqlite3 STORE .recover` may save what is in it")
}

fn failure(path: &Path, verb: &str, error: &rusqlite::Error) -> CommandError {
    let shown = path.display();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => damaged(path, &error.to_string()),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => CommandError::usage(format!(
            "cannot {verb} the store {shown}: another process has kept it for {} seconds",
            PATIENCE.as_secs()
        )),
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            let what = format!(
                "cannot {verb} the store {shown}: SQLite has to write to the file and to its folder, and may not"
            );
            CommandError::usage(what).with_hint(
                "even for a question its log (WAL) is written beside the file: let whoever runs this write both",
            )
        }
        Some(ErrorCode::DiskFull) => {
            CommandError::usage(format!("cannot {verb} the store {shown}: the disk is full"))
        }
        _ => CommandError::usage(format!("cannot {verb} the store {shown}: {error}")),
    }
}
