//! What is written about the program, compared with the program.

pub(crate) mod architecture;
mod attacks;
#[cfg(unix)]
mod building;
mod contract;
mod dependencies;
pub(crate) mod documents;
pub(crate) mod golden;
mod help;
#[cfg(unix)]
mod kitchen;
mod links;
#[cfg(unix)]
mod man;
mod pages;
mod picture;
mod recipes;
mod reports;
mod schemas;
mod tables;
