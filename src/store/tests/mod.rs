//! Tests of what a ledger decides and writes, on a store in memory. Servers and files have their own tests.

mod decisions;
mod memory;
