//! A store in an SQLite file. Only this folder names the crate `rusqlite`. A file that is not a store of this program, that
//! other users can change, or that is damaged, is left unchanged.

#[cfg(unix)]
mod accounts;
mod deadline;
mod deferred;
mod schema;
mod trust;

use self::deadline::Deadline;
use self::deferred::Deferred;
use super::backend::{Backend, IfMissing, OpenStore, RecordKeys, Snapshot, StoreUpdate};
use super::error::{AddressError, FileFault, StoreError, StoreFault, StoreOperation};
use super::location::{
    BackendKind, MissingRecord, StoreAddress, StoreLocation, may_hold_password, missing, options,
};
use super::record::RecordKey;
use crate::core::key::secret::Secret;
use crate::core::token::numeric_date::NumericDate;
use crate::host::private_temporary_path;
use rusqlite::config::DbConfig;
use rusqlite::{
    CachedStatement, Connection, ErrorCode, OpenFlags, OptionalExtension as _, Transaction,
    TransactionBehavior, params,
};
use std::ffi::OsStr;
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The entry of this backend in the table of backends.
pub(super) const KIND: BackendKind =
    BackendKind { schemes: &["sqlite"], forms: "PATH, sqlite:PATH", options: &["missing"], parse };

/// The application ID of our files: `fobs`, at offset 68 of the header.
const APPLICATION: u32 = 0x666F_6273;
/// The version of the schema, at offset 60 of the header.
const SCHEMA: u32 = 1;
/// The size of the largest first page, in bytes.
const LARGEST_PAGE: u64 = 65_536;
/// How long a process waits for a lock.
const PATIENCE: Duration = Duration::from_secs(10);
/// The size up to which a file is checked for damage before it is used, in bytes. The check takes at most 0.1 seconds.
const CHECKED_SIZE: u64 = 32 << 20;

/// The path of an SQLite file.
#[derive(Debug)]
struct SqliteFile(PathBuf);

impl fmt::Display for SqliteFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.display().fmt(f)
    }
}

impl StoreLocation for SqliteFile {
    fn file(&self) -> Option<&Path> {
        Some(&self.0)
    }

    fn open(&self, _: Option<&Secret>, if_missing: IfMissing) -> Result<OpenStore, StoreError> {
        open(&self.0, if_missing)
    }
}

/// Returns the location that a plain path names.
pub(super) fn location(path: &OsStr) -> Box<dyn StoreLocation> {
    Box::new(SqliteFile(path.into()))
}

/// Parses `sqlite:PATH` or `sqlite:///ABSOLUTE/PATH`, with options.
fn parse(text: &str) -> Result<StoreAddress, AddressError> {
    let rest = text.split_once(':').map_or(text, |(_, rest)| rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() {
        return Err(AddressError::NoPath);
    }
    if may_hold_password(path) {
        return Err(AddressError::BrokenUrl);
    }
    let mut address = StoreAddress { location: location(path.as_ref()), missing: MissingRecord::Allow };
    for (_, value) in options(query, KIND.options)? {
        address.missing = missing(&value)?;
    }
    Ok(address)
}

/// An open file.
struct Sqlite {
    connection: Connection,
    path: PathBuf,
    deadline: Deadline,
}

/// Opens a file. If it is missing, it may be created with its first record.
fn open(path: &Path, if_missing: IfMissing) -> Result<OpenStore, StoreError> {
    let backend: Box<dyn Backend> = match open_existing(path) {
        Ok(store) => Box::new(store),
        Err(StoreError::Unusable { fault: FileFault::Missing, .. }) if if_missing == IfMissing::Create => {
            check_folder(path)?;
            Box::new(Deferred::new(path.to_owned()))
        }
        Err(error) => return Err(error),
    };
    Ok(OpenStore { backend, warning: None })
}

/// Opens a file.
fn open_existing(path: &Path) -> Result<Sqlite, StoreError> {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Err(unusable(path, FileFault::NotAFile)),
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(unusable(path, FileFault::Inaccessible(error)));
        }
        Err(_) if path.is_symlink() => {
            let target = std::fs::read_link(path).unwrap_or_default();
            return Err(unusable(path, FileFault::BrokenLink { target }));
        }
        Err(_) => return Err(unusable(path, FileFault::Missing)),
    }
    // SQLite gives names such as `:memory:` a special meaning, so it gets the whole path.
    let target = real_path(path).map_err(|error| unusable(path, FileFault::Inaccessible(error)))?;
    trust::check_way(path).map_err(|fault| unusable(path, fault))?;
    let file = File::open(&target).map_err(|error| unusable(path, FileFault::Inaccessible(error)))?;
    check_file(file, &target).map_err(|fault| unusable(path, fault))?;
    let mut log = target.as_os_str().to_owned();
    log.push("-wal");
    let has_log = std::fs::metadata(log).is_ok_and(|metadata| metadata.len() > 0);
    #[cfg(windows)]
    trust::keep_companions_private(&target).map_err(|fault| unusable(path, fault))?;
    let open_failed = |error| failed(path, StoreOperation::Open, &error);
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let mut connection = Connection::open_with_flags(&target, flags).map_err(open_failed)?;
    connection.busy_timeout(PATIENCE).map_err(open_failed)?;
    let deadline = Deadline::of(&mut connection).map_err(open_failed)?;
    check_content(&connection, path, has_log)?;
    // Another process may have removed them in between. From now on they stay.
    #[cfg(windows)]
    trust::keep_companions_private(&target).map_err(|fault| unusable(path, fault))?;
    Ok(Sqlite { connection, path: path.to_owned(), deadline })
}

/// Returns a path from the root, without links.
#[cfg(unix)]
fn real_path(path: &Path) -> io::Result<PathBuf> {
    std::fs::canonicalize(path)
}

/// Returns a path from the root. The real path of Windows has a form that SQLite does not know.
#[cfg(not(unix))]
fn real_path(path: &Path) -> io::Result<PathBuf> {
    std::path::absolute(path)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Checks the folder of a file that is to be created.
fn check_folder(path: &Path) -> Result<(), StoreError> {
    std::fs::metadata(folder_of(path)).map_err(|error| not_created(path, error))?;
    trust::check_way(path).map_err(|fault| unusable(path, fault))
}

fn not_created(path: &Path, error: io::Error) -> StoreError {
    StoreError::NotCreated { path: path.to_owned(), cause: error.into() }
}

/// Creates a store in a temporary file and moves it to its path in one step. Returns `false` if another process created
/// the path first. Only the owner may read the file. On Unix, SQLite gives the files beside it the same mode.
fn create(path: &Path) -> Result<bool, StoreError> {
    let io_failed = |error: io::Error| not_created(path, error);
    check_folder(path)?;
    // The original error names the temporary file, which the user does not know.
    let file = private_temporary_path(folder_of(path)).map_err(|error| io_failed(error.kind().into()))?;
    let fill = || {
        let mut connection = Connection::open(&file)?;
        let transaction = connection.transaction()?;
        schema::create(&transaction)?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", SCHEMA)?;
        transaction.commit()?;
        // The log begins last, when it is empty: only this file is moved, and closing hides a failed copy of the log into it.
        connection.pragma_update_and_check(None, "journal_mode", "wal", |row| {
            match row.get::<_, String>(0)? {
                mode if mode == "wal" => Ok(()),
                mode => Err(rusqlite::Error::ToSqlConversionFailure(
                    format!("SQLite keeps the journal mode {mode}").into(),
                )),
            }
        })?;
        connection.close().map_err(|(_, error)| error)
    };
    fill().map_err(|error| StoreError::NotCreated { path: path.to_owned(), cause: error.into() })?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(failed) => Err(io_failed(failed.error)),
    }
}

/// Checks who can change a file, and its first bytes, so that SQLite only opens our own files (SQLite file format, section
/// 1.3).
fn check_file(file: File, path: &Path) -> Result<(), FileFault> {
    const MAGIC: &[u8] = b"SQLite format 3\0";
    trust::check_file(path, &file.metadata().map_err(FileFault::Inaccessible)?)?;
    let mut header = Vec::new();
    file.take(LARGEST_PAGE).read_to_end(&mut header).map_err(FileFault::Inaccessible)?;
    let number = |offset: usize| {
        let bytes = header.get(offset..offset + 4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    };
    Err(match (header.starts_with(MAGIC), number(60), number(68)) {
        (true, Some(SCHEMA), Some(APPLICATION)) => return Ok(()),
        (true, Some(0), Some(0 | APPLICATION)) if schema::is_in(&header) => {
            FileFault::Unmarked { application: APPLICATION, schema: SCHEMA }
        }
        (true, Some(found), Some(APPLICATION)) => FileFault::SchemaVersion { found, supported: SCHEMA },
        (true, ..) => FileFault::ForeignDatabase,
        _ if header.is_empty() => FileFault::Empty,
        _ => FileFault::NotADatabase,
    })
}

/// Checks a database for its schema and for damage.
fn check_content(connection: &Connection, path: &Path, has_log: bool) -> Result<(), StoreError> {
    let read_failed = |error| failed(path, StoreOperation::Read, &error);
    // If a check fails, closing must not copy the log into the file. Without a log there is nothing to copy, and
    // closing removes the files that SQLite created.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, has_log).map_err(read_failed)?;
    for (setting, value) in [
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
    ] {
        connection.set_db_config(setting, value).map_err(read_failed)?;
    }
    connection.pragma_update(None, "cell_size_check", true).map_err(read_failed)?;
    // A commit returns only after the disk has the data.
    connection.pragma_update(None, "synchronous", "full").map_err(read_failed)?;
    // The log beside the file may hold a newer header.
    let found: u32 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(read_failed)?;
    if found != SCHEMA {
        return Err(unusable(path, FileFault::SchemaVersion { found, supported: SCHEMA }));
    }
    // The check for damage runs expressions of the schema, so it comes later.
    if let Some(difference) = schema::difference(connection).map_err(read_failed)? {
        return Err(unusable(path, FileFault::ForeignSchema(difference)));
    }
    if std::fs::metadata(path).is_ok_and(|metadata| metadata.len() <= CHECKED_SIZE) {
        let finding: String =
            connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(read_failed)?;
        if finding != "ok" {
            return Err(unusable(path, FileFault::Damaged { finding }));
        }
    }
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).map_err(read_failed)?;
    Ok(())
}

impl Backend for Sqlite {
    fn read(&mut self, key_sets: &[RecordKeys]) -> Result<Vec<Snapshot>, StoreError> {
        self.deadline.renew();
        let path = &self.path;
        let read_failed = |error| failed(path, StoreOperation::Read, &error);
        // One transaction, so that all records are from the same moment.
        let transaction = self.connection.transaction().map_err(read_failed)?;
        let mut reader = SnapshotReader::new(&transaction, path)?;
        key_sets.iter().map(|keys| reader.read(keys)).collect()
    }

    fn write(
        &mut self,
        keys: &RecordKeys,
        snapshot: &Snapshot,
        update: &StoreUpdate,
    ) -> Result<bool, StoreError> {
        self.deadline.renew();
        let path = &self.path;
        let write_failed = |error| failed(path, StoreOperation::Write, &error);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(write_failed)?;
        if SnapshotReader::new(&transaction, path)?.read(keys)? != *snapshot {
            return Ok(false);
        }
        for write in &update.records {
            let expires = write.expires.map(NumericDate::milliseconds);
            transaction
                .prepare_cached(
                    "INSERT INTO records (tag, name, text, expires) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT DO UPDATE SET text = ?3, expires = max(expires, ?4)",
                )
                .and_then(|mut statement| {
                    statement.execute(params![keys.tag, write.key.name(), write.text, expires])
                })
                .map_err(write_failed)?;
        }
        let forget = update.forget.milliseconds();
        transaction.execute("DELETE FROM records WHERE expires < ?1", [forget]).map_err(write_failed)?;
        transaction.commit().map_err(write_failed)?;
        Ok(true)
    }

    fn all(&mut self) -> Result<Vec<String>, StoreError> {
        self.deadline.renew();
        let texts = || {
            let mut statement = self.connection.prepare("SELECT text FROM records ORDER BY tag, name")?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect::<Result<Vec<String>, _>>()
        };
        texts().map_err(|error| failed(&self.path, StoreOperation::Read, &error))
    }

    fn prune(&mut self, now: NumericDate) -> Result<Option<usize>, StoreError> {
        self.deadline.renew();
        self.connection
            .execute("DELETE FROM records WHERE expires <= ?1", [now.milliseconds()])
            .map(Some)
            .map_err(|error| failed(&self.path, StoreOperation::Write, &error))
    }
}

/// A reader of the records of tokens, in one transaction and with one statement.
struct SnapshotReader<'t> {
    statement: CachedStatement<'t>,
    path: &'t Path,
}

impl<'t> SnapshotReader<'t> {
    fn new(transaction: &'t Transaction<'_>, path: &'t Path) -> Result<Self, StoreError> {
        let statement = transaction
            .prepare_cached("SELECT text FROM records WHERE tag = ?1 AND name = ?2")
            .map_err(|error| failed(path, StoreOperation::Read, &error))?;
        Ok(Self { statement, path })
    }

    /// Reads the records of one token.
    fn read(&mut self, keys: &RecordKeys) -> Result<Snapshot, StoreError> {
        let token = self.get(keys, &RecordKey::Token(keys.token.clone()))?;
        let family = self.get(keys, &RecordKey::Family(keys.family_of(token.as_deref())?))?;
        let subject = self.get(keys, &RecordKey::Subject)?;
        Ok(Snapshot { token, family, subject, ..Snapshot::default() })
    }

    fn get(&mut self, keys: &RecordKeys, key: &RecordKey) -> Result<Option<String>, StoreError> {
        let text = self.statement.query_row(params![keys.tag, key.name()], |row| row.get(0)).optional();
        text.map_err(|error| failed(self.path, StoreOperation::Read, &error))
    }
}

fn unusable(path: &Path, fault: FileFault) -> StoreError {
    StoreError::Unusable { path: path.to_owned(), fault }
}

/// Classifies an error of SQLite.
fn failed(path: &Path, operation: StoreOperation, error: &rusqlite::Error) -> StoreError {
    let fault = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            return unusable(path, FileFault::Damaged { finding: error.to_string() });
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            StoreFault::Locked { seconds: PATIENCE.as_secs() }
        }
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            StoreFault::NotWritable
        }
        Some(ErrorCode::OperationInterrupted) => StoreFault::Overdue { seconds: deadline::LIMIT.as_secs() },
        Some(ErrorCode::DiskFull) => StoreFault::DiskFull,
        _ => StoreFault::Other { error: error.to_string() },
    };
    StoreError::Failed { operation, store: path.display().to_string(), fault }
}
