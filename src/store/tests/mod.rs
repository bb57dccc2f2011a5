//! Tests of what a ledger decides and writes, on a store in memory. Servers and files have their own tests.

mod checks;
mod decisions;
mod memory;
