//! What a suite may reach: its own folder. Only `--allow` on the command line lets it open connections, use stores and read
//! other files.

#[cfg(unix)]
use crate::support::process::Process;
use crate::support::world::{SECRET, World};

/// The public key of RFC 7517 appendix A.1.
const KEYS: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","kid":"1","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}"#;

/// Runs a suite with one case that has these members, as `suites/s.yaml`.
fn run(case: &str, options: &str) -> crate::support::world::Outcome {
    world(case).run(format!("test suites/s.yaml {options}"))
}

fn world(case: &str) -> World {
    World::new()
        .file(
            "suites/s.yaml",
            format!("cases:\n- name: it\n  expect: accepted\n  {}\n", case.replace('\n', "\n  ")),
        )
        .file("suites/keys/secret", SECRET)
        .file("suites/keys/set.json", KEYS)
        .file("suites/good.jwt", crate::support::world::token("{}"))
        .file("/suites/keys/secret", SECRET)
        .file("/suites/good.jwt", crate::support::world::token("{}"))
        .file("/secret", SECRET)
        .file("/tokens/good.jwt", crate::support::world::token("{}"))
        .document("https://keys.example/jwks", KEYS)
}

#[test]
fn a_suite_reads_its_own_folder() {
    for case in [
        "mint: {}\nsecret-file: keys/secret",
        "mint: {}\nsecret-file: /suites/keys/secret",
        "mint: {secret-file: keys/secret}\nsecret-env: FOB_SECRET",
        "token_file: good.jwt",
        "token_file: '*.jwt'",
        "token_file: ['good.jwt', /suites/good.jwt]",
    ] {
        let outcome = run(case, "");
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{case}: {}", outcome.text());
    }
}

/// A suite in the working folder has a path without a folder.
#[cfg(unix)]
#[test]
fn a_suite_in_the_working_folder_reads_its_patterns_and_no_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let case = |member: &str| {
        format!("[[cases]]\nname = \"a\"\nexpect = \"malformed\"\ntoken_file = \"{member}\"\n")
    };
    std::fs::write(folder.path().join("a.jwt"), "x.y.z").unwrap();
    std::os::unix::fs::symlink("/dev/fd/0", folder.path().join("pipe")).unwrap();
    for (member, status) in [("*.jwt", 0), ("[a].jwt", 0), ("a*", 0), ("pipe", 2)] {
        std::fs::write(folder.path().join("s.toml"), case(member)).unwrap();
        for line in ["test s.toml", "test ./s.toml"] {
            let ended = Process::line(line).with_secret().folder(folder.path()).stdin("x.y.z").run();
            assert_eq!(ended.parts().0, Some(status), "{line}: {member}");
        }
    }
}

#[test]
fn a_suite_that_reaches_further_names_the_option_that_allows_it() {
    let path = |member: &str, path: &str| {
        format!(
            "`{member}` names {path}, which is not in the folder of the suite\nhint: if you trust the suite, add --allow paths\n"
        )
    };
    let url = |member: &str| {
        format!(
            "`{member}` names a server, and a suite may not open connections\nhint: if you trust the suite, add --allow network\n"
        )
    };
    let store = |names: &str| {
        format!(
            "`store` names a store, and a suite may not use stores\nhint: if you trust the suite, add --allow {names}\n"
        )
    };
    for (case, error) in [
        ("mint: {}\nsecret-file: ../secret", path("secret-file", "../secret")),
        ("mint: {}\nsecret_file: keys/../../secret", path("secret-file", "keys/../../secret")),
        ("mint: {}\nsecret-file: /proc/self/environ", path("secret-file", "/proc/self/environ")),
        ("mint: {}\nkey: ../none/../key.pem", path("key", "../none/../key.pem")),
        ("mint: {}\nkey: ../suitesx/k.pem", path("key", "../suitesx/k.pem")),
        ("mint: {}\nkey: ./https://../../../k.pem", path("key", "./https://../../../k.pem")),
        ("mint: {}\nkey: keys/set.json\nkey-password-file: ../pw", path("key-password-file", "../pw")),
        ("mint: {}\ndecrypt-key: [keys/set.json, ../k.jwk]", path("decrypt-key", "../k.jwk")),
        ("mint: {}\ndecrypt-secret-file: ../k", path("decrypt-secret-file", "../k")),
        ("mint: {encrypt-for: ../k.jwk}", path("encrypt-for", "../k.jwk")),
        ("mint: {encrypt-secret-file: a://../../../k}", path("encrypt-secret-file", "a://../../../k")),
        ("mint: {secret-file: ../secret}\nsecret-env: FOB_SECRET", path("secret-file", "../secret")),
        ("token_file: ../good.jwt", path("token_file", "../good.jwt")),
        ("token_file: ['good.jwt', '../*.jwt']", path("token_file", "../*.jwt")),
        ("token_file: /**/*.jwt", path("token_file", "/**/*.jwt")),
        ("token: a.b.c\npayload: ../secret", path("payload", "../secret")),
        ("token: a.b.c\nkey: https://keys.example/jwks", url("key")),
        ("token: a.b.c\nkey: ftp://keys.example/jwks", url("key")),
        ("token: a.b.c\nissuer-keys: https://issuer.example", url("issuer-keys")),
        ("token: a.b.c\nkey: https://keys.example/jwks\ncache: kept", url("key")),
        ("mint: {encrypt-for: 'https://keys.example/jwks'}", url("encrypt-for")),
        ("mint: {}\nstore: used.db", store("store")),
        ("mint: {}\nstore: sqlite:used.db?missing=deny", store("store")),
        ("mint: {}\nstore: ../used.db", store("store,paths")),
        ("mint: {}\nstore: sqlite:../used.db?missing=deny", store("store,paths")),
        ("mint: {}\nstore: sqlite:///used.db", store("store,paths")),
        ("mint: {}\nstore: sqlite://../used.db", store("store,paths")),
        ("mint: {}\nstore: redis://store.example", store("network,store")),
        ("mint: {}\nstore: rediss://store.example/0?layout=user-token-set", store("network,store")),
    ] {
        let outcome = run(case, "");
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{case}");
        assert!(outcome.stderr.starts_with("error: suites/s.yaml:"), "{case}: {}", outcome.stderr);
        assert!(outcome.stderr.ends_with(&format!(": {error}")), "{case}: {}", outcome.stderr);
    }
    let located = run("mint: {}\nsecret-file: ../secret", "");
    assert!(located.stderr.starts_with("error: suites/s.yaml:5:16: "), "{}", located.stderr);
    let json = run("mint: {}\nsecret-file: ../secret", "--json");
    assert_eq!((json.status, json.json()["error"]["code"].as_str()), (2, Some("suite")));
}

#[test]
fn a_permission_allows_what_its_name_says() {
    for (case, options, status) in [
        ("mint: {}\nsecret-file: /secret", "--allow paths", 0),
        ("mint: {}\nsecret-file: /secret", "--allow network,store", 2),
        ("token_file: /tokens/*.jwt", "--allow network --allow paths", 0),
        // The set has no key for the token.
        ("token_file: good.jwt\nkey: https://keys.example/jwks\nexpect: rejected", "--allow network", 0),
        ("token_file: good.jwt\nkey: https://keys.example/jwks\nexpect: rejected", "--allow paths,store", 2),
    ] {
        let outcome = world(&case.replace("\nexpect", "\n#")).run("test suites/s.yaml");
        assert_eq!(outcome.status, 2, "{case}");
        let text = format!("cases:\n- name: it\n  {}\n", case.replace('\n', "\n  "));
        let text = if text.contains("expect") { text } else { format!("{text}  expect: accepted\n") };
        let outcome = world("").file("suites/s.yaml", text).run(format!("test suites/s.yaml {options}"));
        assert_eq!(outcome.status, status, "{case} {options}: {}{}", outcome.text(), outcome.stderr);
    }
    let unknown = run("mint: {}", "--allow everything");
    assert_eq!(unknown.status, 2);
    assert!(unknown.stderr.contains("network, store, paths"), "{}", unknown.stderr);
    assert_eq!(World::new().run("verify --allow paths").status, 2);
    let member = run("mint: {}\nallow: paths", "");
    assert!(member.stderr.contains("unknown member `allow`"), "{}", member.stderr);
}

#[test]
fn the_hint_names_everything_that_all_suites_need() {
    let world = World::new()
        .file("s/a.yaml", "cases:\n- {name: a, mint: {}, secret-file: /secret, expect: accepted}\n")
        .file(
            "s/b.yaml",
            "defaults: {key: 'https://keys.example/jwks'}\ncases:\n- {name: b, mint: {}, secret-env: FOB_SECRET, expect: accepted}\n\
             - {name: c, token: x, expect: malformed}\n",
        )
        .file("/secret", SECRET)
        .document("https://keys.example/jwks", KEYS);
    let outcome = world.run("test s/a.yaml s/b.yaml");
    assert_eq!(outcome.status, 2);
    assert!(
        outcome.stderr.starts_with("error: s/a.yaml:2:36: `secret-file` names /secret, "),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome.stderr.ends_with("\nhint: if you trust the suite, add --allow network,paths\n"),
        "{}",
        outcome.stderr
    );
    let outcome = world.run("test s/a.yaml s/b.yaml --allow paths");
    assert!(
        outcome.stderr.ends_with("\nhint: if you trust the suite, add --allow network\n"),
        "{}",
        outcome.stderr
    );
    assert_eq!(world.run("verify --suite s/a.yaml --suite s/b.yaml --allow paths --allow network").status, 0);
    // Defaults that no case uses reach nothing.
    let unused = "defaults: {secret-file: /secret}\ncases:\n- {name: c, token: x, secret-env: FOB_SECRET, expect: malformed}\n";
    assert_eq!(world.file("s/c.yaml", unused).run("test s/c.yaml").status, 0);
}

#[test]
fn cached_keys_are_used_offline_without_permission() {
    let case = "token: a.b.c\nkey: https://keys.example/jwks\ncache: kept\noffline: true";
    let outcome = run(case, "");
    assert_eq!(outcome.status, 2);
    assert!(
        outcome.stderr.contains("they are not in the cache, and --offline forbids fetching"),
        "{}",
        outcome.stderr
    );
    let elsewhere = run(&case.replace("kept", "../kept"), "");
    assert!(elsewhere.stderr.ends_with("add --allow paths\n"), "{}", elsewhere.stderr);
}

#[test]
fn the_environment_of_the_user_is_not_part_of_the_suite() {
    let world = World::bare()
        .file("suites/s.yaml", "cases:\n- {name: it, mint: {}, expect: accepted}\n")
        .file("key.jwk", format!(r#"{{"kty":"oct","k":"{}"}}"#, "A".repeat(43)))
        .env("FOB_KEY", "key.jwk");
    assert_eq!(world.run("test suites/s.yaml").status, 0);
}

#[cfg(unix)]
mod real {
    use super::SECRET;
    use crate::support::process::{Ended, Process};
    use std::fs;
    use std::io::{ErrorKind, Read as _};
    use std::net::TcpListener;
    use std::os::unix::fs::symlink;
    use std::path::Path;
    use std::time::{Duration, Instant};

    fn run(folder: &Path, line: &str) -> Ended {
        Process::line(line).with_secret().folder(folder).run()
    }

    #[track_caller]
    fn refused(folder: &Path, line: &str, option: &str) {
        let ended = run(folder, line);
        assert_eq!((ended.status, ended.stdout.as_str()), (Some(2), ""), "{line}: {}", ended.stderr);
        assert!(
            ended.stderr.ends_with(&format!("\nhint: if you trust the suite, add {option}\n")),
            "{line}: {}",
            ended.stderr
        );
    }

    #[test]
    fn links_do_not_lead_out_of_the_suite() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::create_dir_all(path.join("suites/keys")).unwrap();
        fs::write(path.join("secret"), SECRET).unwrap();
        fs::write(path.join("suites/keys/secret"), SECRET).unwrap();
        fs::write(path.join("suites/jwt"), "a.b").unwrap();
        symlink("../secret", path.join("suites/out")).unwrap();
        symlink("..", path.join("suites/up")).unwrap();
        symlink("keys/secret", path.join("suites/in")).unwrap();
        let suite = |case: &str| {
            let text = format!("cases:\n- {{name: it, {case}}}\n");
            fs::write(path.join("suites/s.yaml"), text).unwrap();
        };
        for (case, is_inside) in [
            ("mint: {}, expect: accepted, secret-file: in", true),
            ("mint: {}, expect: accepted, secret-file: up/suites/in", true),
            ("mint: {}, expect: accepted, secret-file: ../suites/keys/../keys/secret", true),
            ("mint: {}, expect: accepted, secret-file: out", false),
            ("mint: {}, expect: accepted, secret-file: up/secret", false),
            ("mint: {}, expect: accepted, secret-file: keys/../../secret", false),
            ("token_file: jwt, expect: malformed", true),
            ("token_file: up/suites/jwt, expect: malformed", true),
            ("token_file: out, expect: malformed", false),
            ("token_file: 'up/*', expect: malformed", false),
            ("token_file: 'up/suites/j*', expect: malformed", true),
        ] {
            suite(case);
            for (from, line) in [(path, "test suites/s.yaml"), (&*path.join("suites"), "test s.yaml")] {
                match is_inside {
                    true => assert_eq!(run(from, line).status, Some(0), "{case}: {}", run(from, line).stderr),
                    false => {
                        refused(from, line, "--allow paths");
                        let ended = run(from, &format!("{line} --allow paths"));
                        assert_eq!(ended.status, Some(0), "{case}: {}", ended.stderr);
                    }
                }
            }
        }
        // A broken link makes no store elsewhere.
        symlink("../new.db", path.join("suites/new.db")).unwrap();
        symlink("..", path.join("suites/cache")).unwrap();
        suite("mint: {jti: true, exp: 1h}, store: new.db, once: true, expect: accepted");
        assert_eq!(run(path, "test suites/s.yaml --allow store").status, Some(2));
        suite("token: a.b.c, key: 'https://127.0.0.1:9/k', cache: cache/kept, expect: accepted");
        refused(path, "test suites/s.yaml --allow network", "--allow paths");
        assert!(!path.join("new.db").exists() && !path.join("kept").exists());
    }

    #[test]
    fn a_linked_suite_names_files_beside_the_link_or_beside_its_target() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        for name in ["here", "target/keys"] {
            fs::create_dir_all(path.join(name)).unwrap();
        }
        for name in ["here/secret", "target/keys/secret", "secret"] {
            fs::write(path.join(name), SECRET).unwrap();
        }
        symlink("../target/s.yaml", path.join("here/s.yaml")).unwrap();
        symlink("target", path.join("folder")).unwrap();
        for (secret, suite, is_inside) in [
            ("secret", "here/s.yaml", true),
            ("../target/keys/secret", "here/s.yaml", true),
            ("../secret", "here/s.yaml", false),
            ("keys/secret", "folder/s.yaml", true),
            ("keys/secret", "folder", true),
            ("../here/secret", "folder/s.yaml", false),
            ("../secret", "folder/s.yaml", false),
        ] {
            let text =
                format!("cases:\n- {{name: it, mint: {{}}, secret-file: {secret}, expect: accepted}}\n");
            fs::write(path.join("target/s.yaml"), text).unwrap();
            let line = format!("test {suite}");
            match is_inside {
                true => assert_eq!(run(path, &line).status, Some(0), "{secret} {}", run(path, &line).stderr),
                false => refused(path, &line, "--allow paths"),
            }
        }
    }

    #[test]
    fn a_refused_suite_opens_no_connection_and_writes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        server.set_nonblocking(true).unwrap();
        let port = server.local_addr().unwrap().port();
        for (member, option) in [
            (format!("store: 'redis://127.0.0.1:{port}'"), "--allow network,store"),
            (format!("key: 'http://127.0.0.1:{port}/jwks'"), "--allow network"),
            (format!("issuer-keys: 'http://127.0.0.1:{port}'"), "--allow network"),
            ("store: used.db, once: true".to_owned(), "--allow store"),
        ] {
            let text = format!("cases:\n- {{name: it, token: a.b.c, {member}, expect: accepted}}\n");
            fs::write(path.join("s.yaml"), text).unwrap();
            let process = Process::line("test s.yaml").with_secret().env("FOB_STORE_PASSWORD", "hunter2");
            let ended = process.folder(path).run();
            assert_eq!(ended.status, Some(2));
            assert!(ended.stderr.ends_with(&format!("add {option}\n")), "{}", ended.stderr);
            assert_eq!(server.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
            assert_eq!(fs::read_dir(path).unwrap().count(), 1);
        }
        // If the command line allows it, this server gets the password.
        let text = format!(
            "cases:\n- {{name: it, mint: {{jti: a, exp: 1h}}, store: 'redis://127.0.0.1:{port}', expect: accepted}}\n"
        );
        fs::write(path.join("s.yaml"), text).unwrap();
        let reader = std::thread::spawn(move || {
            let start = Instant::now();
            let mut stream = loop {
                match server.accept() {
                    Ok((stream, _)) => break stream,
                    Err(_) => assert!(start.elapsed() < Duration::from_secs(30), "no connection"),
                }
                std::thread::sleep(Duration::from_millis(5));
            };
            stream.set_nonblocking(false).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
            let mut received = [0; 256];
            let length = stream.read(&mut received).unwrap();
            String::from_utf8_lossy(&received[..length]).into_owned()
        });
        let process = Process::line("test s.yaml --allow store,network").with_secret();
        let ended = process.env("FOB_STORE_PASSWORD", "hunter2").folder(path).run();
        assert_eq!(ended.status, Some(2));
        let received = reader.join().unwrap();
        assert!(received.contains("hunter2"), "{received}");
    }

    #[test]
    fn a_store_in_the_folder_of_the_suite_needs_one_permission() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::create_dir(path.join("suites")).unwrap();
        let text = "cases:\n- {name: once, mint: {jti: a, exp: 1h}, store: used.db, once: true, expect: accepted}\n\
                    - {name: twice, mint: {jti: a, exp: 1h}, store: used.db, once: true, expect: reused}\n";
        fs::write(path.join("suites/s.yaml"), text).unwrap();
        refused(path, "test suites", "--allow store");
        let ended = run(path, "test suites --allow store");
        assert_eq!(ended.status, Some(0), "{}{}", ended.stdout, ended.stderr);
        assert!(path.join("suites/used.db").exists());
    }

    #[test]
    fn an_unreadable_token_leaves_no_new_store_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let text =
            "cases:\n- {name: once, token_file: gone.jwt, store: new.db, once: true, expect: accepted}\n";
        fs::write(path.join("s.yaml"), text).unwrap();
        let ended = run(path, "test s.yaml --allow store");
        assert_eq!(ended.status, Some(2), "{}{}", ended.stdout, ended.stderr);
        assert!(ended.stderr.contains("gone.jwt"), "{}", ended.stderr);
        assert!(!path.join("new.db").exists());
    }

    #[test]
    fn a_new_suite_whose_key_is_elsewhere_says_how_to_run_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::create_dir_all(path.join("suites/keys")).unwrap();
        fs::write(path.join("secret"), SECRET).unwrap();
        fs::write(path.join("suites/keys/secret"), SECRET).unwrap();
        fs::write(path.join("app.log"), crate::support::world::token("{}")).unwrap();
        let hint = "hint: run the suite with --allow paths: its keys are outside of its folder\n";
        for command in ["inspect app.log", "encode --sub alice --flaw expired"] {
            for (secret, is_outside) in [("secret", true), ("suites/keys/secret", false)] {
                let ended = run(path, &format!("{command} --suite suites/s.toml --secret-file {secret}"));
                assert_eq!(ended.status, Some(0), "{}", ended.stderr);
                assert_eq!(ended.stderr.contains(hint), is_outside, "{command} {secret}: {}", ended.stderr);
                let (status, allowed) = if is_outside { (2, " --allow paths") } else { (0, "") };
                assert_eq!(run(path, "test suites/s.toml").status, Some(status));
                assert_eq!(run(path, &format!("test suites/s.toml{allowed}")).status, Some(0));
                fs::remove_file(path.join("suites/s.toml")).unwrap();
            }
        }
    }
}
