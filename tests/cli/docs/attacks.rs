//! docs/attacks.md, compared with the tests in `tests/cli/attacks`: each row names a test and each test has a row, in the same
//! order, in the section of its file.

use std::path::Path;

const PAGE: &str = include_str!("../../../docs/attacks.md");

/// The title of a section, and the names of its tests.
type Section = (String, Vec<String>);

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/attacks").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// Returns the files in the order of their modules: the first words of each, and its tests.
fn files() -> Vec<Section> {
    let module = read("mod.rs");
    let names = module.lines().filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'));
    let section = |name| {
        let text = read(&format!("{name}.rs"));
        let (title, _) = text.strip_prefix("//! ").unwrap().split_once(':').unwrap();
        let tests = text.split("#[test]\n").skip(1).map(|rest| {
            let (_, rest) = rest.split_once("fn ").unwrap();
            rest.split_once('(').unwrap().0.to_owned()
        });
        (title.to_owned(), tests.collect())
    };
    names.map(section).collect()
}

/// Returns the sections of the page that have a table.
fn sections() -> Vec<Section> {
    let section = |text: &str| {
        let (title, rest) = text.split_once('\n').unwrap();
        let rows = rest.lines().filter(|line| line.starts_with("| ")).skip(1);
        let tests = rows.map(|row| {
            let cell = row.strip_suffix(" |").unwrap().rsplit_once(" | ").unwrap().1;
            cell.strip_prefix('`').unwrap().strip_suffix('`').unwrap().to_owned()
        });
        (title.replace('`', ""), tests.collect::<Vec<_>>())
    };
    PAGE.split("\n## ").skip(1).map(section).filter(|(_, tests)| !tests.is_empty()).collect()
}

#[test]
fn each_attack_is_a_test_and_each_test_is_an_attack() {
    assert_eq!(sections(), files());
    let mut names: Vec<String> = files().into_iter().flat_map(|(_, tests)| tests).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count, "two tests have one name");
}

#[test]
fn each_row_says_what_happens_and_what_fob_does() {
    for row in PAGE.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| attack")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        assert!(cells.len() == 4 && cells.iter().all(|cell| !cell.is_empty()), "{row}");
        for number in cells[0].split("CVE-").skip(1) {
            let number: String = number.chars().take_while(|c| c.is_ascii_digit() || *c == '-').collect();
            let (year, number) = number.split_once('-').unwrap();
            assert!((1999..2100).contains(&year.parse::<u32>().unwrap()) && number.len() >= 4, "{row}");
        }
    }
}
