//! The picture in README.md, drawn from what `fob` prints at a terminal. It has its own dark background, so that it is readable
//! on light and dark pages. `FOB_BLESS=1` renews it.

use crate::docs::golden::compare;
use crate::support::world::World;
use std::fmt::Write as _;

/// The width of the terminal in the picture.
const COLUMNS: usize = 88;

/// The size of a cell, and the margin, in pixels.
const CELL: (f64, f64) = (8.4, 18.0);
const MARGIN: f64 = 18.0;

/// A piece of text with one look, at a column.
#[derive(Debug, PartialEq, Eq)]
struct Span {
    column: usize,
    text: String,
    look: Look,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Look {
    colour: Option<&'static str>,
    is_bold: bool,
    is_dim: bool,
}

impl Look {
    /// Changes the look as an SGR sequence says. Other codes than those of the palette of `fob` are an error.
    fn change(&mut self, codes: &str) {
        for code in codes.split(';') {
            match code {
                "" | "0" => *self = Self::default(),
                "1" => self.is_bold = true,
                "2" => self.is_dim = true,
                "31" => self.colour = Some("#ff7b72"),
                "32" => self.colour = Some("#56d364"),
                "33" => self.colour = Some("#e3b341"),
                "34" => self.colour = Some("#79c0ff"),
                "35" => self.colour = Some("#d2a8ff"),
                "36" => self.colour = Some("#56d4dd"),
                _ => panic!("the picture has no colour for SGR {code}"),
            }
        }
    }

    /// Returns the attributes of a `tspan` with this look.
    fn attributes(&self) -> String {
        let mut attributes = String::new();
        if let Some(colour) = self.colour {
            let _ = write!(attributes, " fill=\"{colour}\"");
        }
        attributes.push_str(if self.is_bold { " font-weight=\"bold\"" } else { "" });
        attributes.push_str(if self.is_dim { " fill-opacity=\"0.7\"" } else { "" });
        attributes
    }
}

/// Returns the characters of a line, each with its look.
fn cells(line: &str) -> Vec<(char, Look)> {
    let (mut cells, mut look) = (Vec::new(), Look::default());
    for (number, piece) in line.split("\u{1b}[").enumerate() {
        let mut text = piece;
        if number > 0 {
            let (codes, rest) = piece.split_once('m').expect("only SGR sequences");
            look.change(codes);
            text = rest;
        }
        cells.extend(text.chars().map(|c| (c, look.clone())));
    }
    cells
}

/// Returns the spans of a row. Two spaces and more end a span: they are a place, and no text.
fn spans(row: &[(char, Look)]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for (column, (c, look)) in row.iter().enumerate().filter(|(_, (c, _))| *c != ' ') {
        let end = |span: &Span| span.column + span.text.chars().count();
        match spans.last_mut().filter(|span| span.look == *look && end(span) + 1 >= column) {
            Some(span) => {
                if end(span) < column {
                    span.text.push(' ');
                }
                span.text.push(*c);
            }
            None => spans.push(Span { column, text: c.to_string(), look: look.clone() }),
        }
    }
    spans
}

/// Returns a text as content of XML.
fn escaped(text: &str) -> String {
    assert!(!text.chars().any(char::is_control), "{text:?}");
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Returns a picture of a terminal that shows this text. Each span states its length: columns stay aligned in every font.
fn drawn(title: &str, text: &str) -> String {
    let (cell, row) = CELL;
    let lines: Vec<_> = text.trim_end().lines().map(cells).collect();
    let empty: &[(char, Look)] = &[];
    // A terminal continues a long line in the next row.
    let rows: Vec<_> = lines
        .iter()
        .flat_map(|line| if line.is_empty() { vec![empty] } else { line.chunks(COLUMNS).collect() })
        .collect();
    let width = COLUMNS as f64 * cell + 2.0 * MARGIN;
    let height = rows.len() as f64 * row + 2.0 * MARGIN;
    let title = escaped(title);
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\">\n\
         <title>{title}</title>\n\
         <rect x=\"0.5\" y=\"0.5\" width=\"{:.0}\" height=\"{:.0}\" rx=\"8\" fill=\"#0d1117\" stroke=\"#3d444d\"/>\n\
         <g fill=\"#e6edf3\" font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace\" font-size=\"14\">\n",
        width - 1.0,
        height - 1.0,
    );
    for (number, line) in rows.iter().enumerate() {
        let baseline = MARGIN + row * (number as f64 + 1.0) - 5.0;
        let _ = write!(picture, "<text y=\"{baseline:.1}\">");
        for span in spans(line) {
            let cells = span.text.chars().count();
            let _ = write!(
                picture,
                "<tspan x=\"{:.1}\" textLength=\"{:.1}\" lengthAdjust=\"spacingAndGlyphs\"{}>{}</tspan>",
                MARGIN + span.column as f64 * cell,
                cells as f64 * cell,
                span.look.attributes(),
                escaped(&span.text),
            );
        }
        picture.push_str("</text>\n");
    }
    picture.push_str("</g>\n</svg>\n");
    picture
}

/// Returns what a terminal shows after these commands.
fn session(world: &World, commands: &[&str]) -> String {
    let mut shown = String::new();
    for command in commands {
        let outcome = world.run(command);
        let _ = write!(
            shown,
            "\u{1b}[2m$\u{1b}[0m \u{1b}[1mfob {command}\u{1b}[0m\n{}{}\n",
            outcome.text(),
            outcome.stderr
        );
    }
    shown
}

#[test]
fn the_picture_of_the_readme_is_what_fob_prints() {
    // The key of RFC 8037 appendix A.1.
    let key = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"2026-01"}"#;
    let claims = r#"{"iss":"https://id.example/shop","aud":["account","orders"],"sub":"f3b1c2d4-7a3e-4c55-9f0a-2d6b8e1c7a90","azp":"web","realm_access":{"roles":["buyer"]},"scope":"openid profile","iat":1769860800,"exp":1769861100}"#;
    let issuer = World::bare().file("private.jwk", key).file("claims", claims);
    let token = issuer.run("encode @claims --key private.jwk").result().to_owned();
    let public = issuer.run("key show private.jwk --public --format jwk -q").result().to_owned();
    let world = World::bare().file("token.jwt", token).file("keys.json", public).at(1_769_860_920);
    let world = world.terminals([false, true, true]).columns(COLUMNS);
    let commands =
        ["@token.jwt", "verify @token.jwt --key keys.json --iss https://id.example/shop/ --aud orders"];
    let picture = drawn("fob decodes a token, and says why it is rejected", &session(&world, &commands));
    compare("docs/picture.svg", &picture);
}

#[test]
fn text_of_a_terminal_becomes_a_picture() {
    let look = Look { colour: Some("#ff7b72"), is_bold: true, is_dim: false };
    let plain = Look::default();
    let expected = [
        Span { column: 0, text: "a b".to_owned(), look: plain.clone() },
        Span { column: 6, text: "c".to_owned(), look: plain.clone() },
        Span { column: 8, text: "<d>".to_owned(), look },
        Span { column: 12, text: "e".to_owned(), look: plain },
    ];
    assert_eq!(spans(&cells("a b   c \u{1b}[1;31m<d>\u{1b}[0m e")), expected);
    let picture = drawn("A & B", "\u{1b}[1;31m<d>\u{1b}[0m");
    assert!(picture.contains("<title>A &amp; B</title>"), "{picture}");
    assert!(picture.contains(" fill=\"#ff7b72\" font-weight=\"bold\">&lt;d&gt;</tspan>"), "{picture}");
    for outside in ["http:", "https:", "url(", "<script", "@import"] {
        assert!(!picture.replace("http://www.w3.org/2000/svg", "").contains(outside), "{outside}");
    }
}
