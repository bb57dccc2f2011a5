module completions {

  def "nu-complete fob color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete fob at" [] {
    [ "now" "+15m" "+1h" "+1d" "-1h" "15m" "1h" "1d" ]
  }

  def "nu-complete fob tz" [] {
    [ "utc" "local" "+00:00" "+01:00" "+02:00" "+03:00" "+05:30" "+08:00" "+09:00" "-03:00" "-05:00" "-08:00" ]
  }

  # Mint, decode, verify and explain JSON Web Tokens
  export extern fob [
    --json(-j)                # Print JSON, also for errors
    --quiet(-q)               # Print only results, without reports, warnings and hints
    --color: string@"nu-complete fob color" # Choose when to use colour
    --at: string@"nu-complete fob at" # Use this time instead of the clock, such as 2026-01-31 or -3d
    --tz: string@"nu-complete fob tz" # Show dates in this zone: utc, local, +02:00
    --help(-h)                # Print help (see more with '--help')
    --version(-V)             # Print version
  ]

  def "nu-complete fob encode color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete fob encode at" [] {
    [ "now" "+15m" "+1h" "+1d" "-1h" "15m" "1h" "1d" ]
  }

  def "nu-complete fob encode tz" [] {
    [ "utc" "local" "+00:00" "+01:00" "+02:00" "+03:00" "+05:30" "+08:00" "+09:00" "-03:00" "-05:00" "-08:00" ]
  }

  def "nu-complete fob encode exp" [] {
    [ "now" "+15m" "+1h" "+1d" "-1h" "15m" "1h" "1d" ]
  }

  def "nu-complete fob encode nbf" [] {
    [ "now" "+15m" "+1h" "+1d" "-1h" "15m" "1h" "1d" ]
  }

  def "nu-complete fob encode iat" [] {
    [ "now" "+15m" "+1h" "+1d" "-1h" "15m" "1h" "1d" ]
  }

  def "nu-complete fob encode alg" [] {
    [ "HS256" "HS384" "HS512" "RS256" "RS384" "RS512" "PS256" "PS384" "PS512" "ES256" "ES384" "ES512" "ES256K" "EdDSA" "Ed25519" "ML-DSA-44" "ML-DSA-65" "ML-DSA-87" ]
  }

  def "nu-complete fob encode secret_format" [] {
    [ "text" "base64" "base64url" "hex" "raw" ]
  }

  def "nu-complete fob encode encrypt_secret_format" [] {
    [ "text" "base64" "base64url" "hex" "raw" ]
  }

  def "nu-complete fob encode encrypt_alg" [] {
    [ "dir" "A128KW" "A192KW" "A256KW" "A128GCMKW" "A192GCMKW" "A256GCMKW" "RSA-OAEP" "RSA-OAEP-256" "RSA-OAEP-384" "RSA-OAEP-512" "RSA1_5" "ECDH-ES" "ECDH-ES+A128KW" "ECDH-ES+A192KW" "ECDH-ES+A256KW" "PBES2-HS256+A128KW" "PBES2-HS384+A192KW" "PBES2-HS512+A256KW" ]
  }

  def "nu-complete fob encode enc" [] {
    [ "A128CBC-HS256" "A192CBC-HS384" "A256CBC-HS512" "A128GCM" "A192GCM" "A256GCM" ]
  }

  def "nu-complete fob encode format" [] {
    [ "token" "json" "header" "env" ]
  }

  def "nu-complete fob encode serialization" [] {
    [ "compact" "flattened" "general" ]
  }

  def "nu-complete fob encode flaw" [] {
    [ "expired" "not-yet-valid" "issued-in-future" "wrong-key" "tampered-payload" "tampered-header" "truncated-signature" "empty-signature" "alg-none" "alg-unknown" "hmac-with-public-key" "duplicate-member" "padded-base64" "non-canonical-base64" "crit" "not-json" "array-payload" "deep-json" "jwe-shaped" "control-characters" "jwe-tampered-tag" "jwe-tampered-header" "jwe-unsigned" "jwe-wrong-key" "jwe-zip-bomb" "jwe-p2c-huge" "jwe-invalid-curve" "missing-CLAIM" "wrong-type-CLAIM" "all" ]
  }

  # Build and sign a token
  export extern "fob encode" [
    --json(-j)                # Print JSON, also for errors
    --quiet(-q)               # Print only results, without reports, warnings and hints
    --color: string@"nu-complete fob encode color" # Choose when to use colour
    --at: string@"nu-complete fob encode at" # Use this time instead of the clock, such as 2026-01-31 or -3d
    --tz: string@"nu-complete fob encode tz" # Show dates in this zone: utc, local, +02:00
    --claim(-c): string       # A claim: name=text for a string, name:=json for any type
    --iss: string             # iss, the issuer
    --sub: string             # sub, the subject
    --aud: string             # aud, an audience; repeated, an array of them
    --exp: string@"nu-complete fob encode exp" # exp, the expiration: 15m after iat, +15m from now, or a date
    --nbf: string@"nu-complete fob encode nbf" # nbf, the time before which the token is not valid
    --iat: string@"nu-complete fob encode iat" # iat, the time of issue [default: now]
    --jti: string             # jti, the ID of the token; without a value, 128 random bits
    --no-iat                  # Do not add iat, the time of issue
    --verbatim                # Sign the bytes of PAYLOAD, or of each line of --lines, unchanged
    --payload: string         # Sign these bytes unchanged: @PATH, - for standard input, or the text itself
    --detached                # Leave the payload out of the token (RFC 7515 appendix F)
    --no-b64                  # Do not encode the payload (RFC 7797): the header gets b64 false, and crit
    --alg: string@"nu-complete fob encode alg" # The algorithm [default: that of the key; HS256 for a secret]
    --typ: string             # The type of the token [default: JWT]
    --no-typ                  # Omit the type
    --header: string          # Another header parameter
    --secret-env: string      # Read the secret from an environment variable
    --secret-file: path       # Read the secret from a file
    --secret(-s): string      # The secret itself, or - for standard input
    --secret-format: string@"nu-complete fob encode secret_format" # The encoding of the secret [default: text]
    --kid-claim: string       # Choose the key of a set by this claim instead of the kid, for one secret per user
    --key-password-env: string # Read the password of an encrypted key from an environment variable
    --key-password-file: path # Read the password of an encrypted key from a file
    --encrypt-for: path       # Encrypt the token for this key: a path, a URL, or -
    --encrypt-secret-env: string # Read a shared key to encrypt with from an environment variable
    --encrypt-secret-file: path # Read a shared key to encrypt with from a file
    --encrypt-secret-format: string@"nu-complete fob encode encrypt_secret_format" # The encoding of the shared key [default: text]
    --encrypt-alg: string@"nu-complete fob encode encrypt_alg" # The key management algorithm [default: by the type of the key]
    --enc: string@"nu-complete fob encode enc" # The content encryption algorithm [default: A256GCM, or by the size of a shared key]
    --encrypt-kid: string     # The ID of the encryption key: chooses a key of a set, and becomes the kid of the encrypted token
    --unsigned                # Encrypt the claims without a signature
    --format: string@"nu-complete fob encode format" # The format [default: token]
    --serialization: string@"nu-complete fob encode serialization" # The serialization: compact, or a JSON object [default: compact]
    --flaw: string@"nu-complete fob encode flaw" # Mint a token with exactly one defect, to test a verifier
    --suite: path             # Write a suite for `fob test`: the valid token and the flawed ones
    --seed: string            # Derive all random values from this number, for reproducible tests
    --threads: string         # Use this many threads [default: the number of processors]
    --null                    # End lines with a NUL byte instead of a line break
    --lines: path             # Read one input a line, from a file or standard input
    --kid: string             # The ID of the key, for the header; chooses one of a set
    --key(-k): path           # A private key: a path, or - for standard input
    --help(-h)                # Print help (see more with '--help')
    payload?: string          # The claims as a JSON object: the text itself, @PATH, or - for standard input
  ]

  def "nu-complete fob decode color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete fob decode at" [] {
    [ "now" "+15m" "+1h" "+1d" "-1h" "15m" "1h" "1d" ]
  }

  def "nu-complete fob decode tz" [] {
    [ "utc" "local" "+00:00" "+01:00" "+02:00" "+03:00" "+05:30" "+08:00" "+09:00" "-03:00" "-05:00" "-08:00" ]
  }

  def "nu-complete fob decode part" [] {
    [ "header" "payload" "signature" "token" ]
  }

  def "nu-complete fob decode pick" [] {
    [ "access" "refresh" "id" ]
  }

  def "nu-complete fob decode decrypt_secret_format" [] {
    [ "text" "base64" "base64url" "hex" "raw" ]
  }

  def "nu-complete fob decode decrypt_alg" [] {
    [ "dir" "A128KW" "A192KW" "A256KW" "A128GCMKW" "A192GCMKW" "A256GCMKW" "RSA-OAEP" "RSA-OAEP-256" "RSA-OAEP-384" "RSA-OAEP-512" "RSA1_5" "ECDH-ES" "ECDH-ES+A128KW" "ECDH-ES+A192KW" "ECDH-ES+A256KW" "PBES2-HS256+A128KW" "PBES2-HS384+A192KW" "PBES2-HS512+A256KW" ]
  }

  # Show the content of a token, without a key and without a verdict
  export extern "fob decode" [
    --json(-j)                # Print JSON, also for errors
    --quiet(-q)               # Print only results, without reports, warnings and hints
    --color: string@"nu-complete fob decode color" # Choose when to use colour
    --at: string@"nu-complete fob decode at" # Use this time instead of the clock, such as 2026-01-31 or -3d
    --tz: string@"nu-complete fob decode tz" # Show dates in this zone: utc, local, +02:00
    --part: string@"nu-complete fob decode part" # Print only one segment, decoded, or the token itself
    --claim: string           # Print only this claim: a name, or a JSON Pointer such as /a/0
    --pick: string@"nu-complete fob decode pick" # Choose one of several tokens by its name or its number
    --join                    # Remove line breaks, spaces and invisible characters inside the token
    --max-size: string        # Refuse tokens larger than this [default: 1M]
    --decrypt-key: path       # Decrypt tokens with this key: a path, or -; may repeat
    --decrypt-secret-env: string # Read a shared key or a password to decrypt with from an environment variable
    --decrypt-secret-file: path # Read a shared key or a password to decrypt with from a file
    --decrypt-secret-format: string@"nu-complete fob decode decrypt_secret_format" # The encoding of the shared key [default: text]
    --decrypt-alg: string@"nu-complete fob decode decrypt_alg" # Decrypt only tokens with this key management algorithm; may repeat
    --key-password-env: string # Read the password of an encrypted key from an environment variable
    --key-password-file: path # Read the password of an encrypted key from a file
    --secret-env: string      # Decrypt a session cookie of Auth.js or NextAuth.js with the secret in this environment variable
    --secret-file: path       # Decrypt a session cookie of Auth.js or NextAuth.js with the secret in this file
    --cookie: string          # The name of the session cookie of Auth.js or NextAuth.js, if it is not one of the usual names
    --lines: path             # Read one input a line, from a file or standard input
    --threads: string         # Use this many threads [default: the number of processors]
    --null                    # End lines with a NUL byte instead of a line break
    --help(-h)                # Print help (see more with '--help')
    token?: string            # The token itself, @PATH of a file, or - for standard input
  ]

  def "nu-complete fob verify color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete fob verify at" [] {
    [ "now" "+15m" "+1h" "+1d" "-1h" "15m" "1h" "1d" ]
  }

  def "nu-complete fob verify tz" [] {
    [ "utc" "local" "+00:00" "+01:00" "+02:00" "+03:00" "+05:30" "+08:00" "+09:00" "-03:00" "-05:00" "-08:00" ]
  }

  def "nu-complete fob verify expect" [] {
    [ "accepted" "rejected" "malformed" "jwe" "detached" "alg_none" "alg_unsupported" "alg_not_allowed" "key_mismatch" "key_not_found" "key_weak" "key_empty" "crit_unsupported" "decrypt_failed" "not_signed" "bad_signature" "sd_alg_unsupported" "bad_disclosure" "bad_key_binding" "claim_missing" "claim_type" "implausible_time" "expired" "not_yet_valid" "issued_in_future" "too_old" "wrong_issuer" "wrong_audience" "wrong_subject" "wrong_id" "wrong_typ" "wrong_token_type" "wrong_claim" "revoked" "reused" "too_soon" "unknown_token" "malformed:charset" "malformed:segments" "malformed:base64" "malformed:header_json" "malformed:payload_json" "malformed:payload_utf8" "malformed:payload_not_object" "malformed:serialization" "malformed:duplicate_member" "malformed:alg" "malformed:kid" "malformed:enc" "malformed:zip" "malformed:typ" "malformed:cty" "malformed:jku" "malformed:jwk" "malformed:x5u" "malformed:x5c" "malformed:x5t" "malformed:x5t#S256" "malformed:epk" "malformed:apu" "malformed:apv" "malformed:p2s" "malformed:p2c" "malformed:iv" "malformed:tag" "malformed:crit" "malformed:b64" "malformed:too_deep" "malformed:too_large" "key_mismatch:kty" "key_mismatch:alg" "key_mismatch:use" "key_mismatch:key_ops" "key_mismatch:crv" "key_weak:hmac_too_short" "key_weak:rsa_too_small" "key_weak:rsa_exponent" "key_weak:certificate_expired" "key_weak:certificate_not_yet_valid" "bad_disclosure:form" "bad_disclosure:name" "bad_disclosure:claim_exists" "bad_disclosure:digests" "bad_disclosure:repeated" "bad_disclosure:unreferenced" "bad_disclosure:too_many" "bad_disclosure:too_deep" "bad_key_binding:missing" "bad_key_binding:form" "bad_key_binding:typ" "bad_key_binding:cnf" "bad_key_binding:alg" "bad_key_binding:signature" "bad_key_binding:sd_hash" "bad_key_binding:time" "bad_key_binding:nonce" "bad_key_binding:aud" ]
  }

  def "nu-complete fob verify get" [] {
    [ "iss" "sub" "aud" "exp" "nbf" "iat" "jti" ]
  }

  def "nu-complete fob verify alg" [] {
    [ "HS256" "HS384" "HS512" "RS256" "RS384" "RS512" "PS256" "PS384" "PS512" "ES256" "ES384" "ES512" "ES256K" "EdDSA" "Ed25519" "ML-DSA-44" "ML-DSA-65" "ML-DSA-87" ]
  }

  def "nu-complete fob verify require" [] {
    [ "iss" "sub" "aud" "exp" "nbf" "iat" "jti" ]
  }

  def "nu-complete fob verify max_age" [] {
    [ "30s" "1m" "5m" "15m" "1h" "1d" "14d" ]
  }

  def "nu-complete fob verify leeway" [] {
    [ "30s" "1m" "5m" "15m" "1h" "1d" "14d" ]
  }

  def "nu-complete fob verify token_type" [] {
    [ "access" "refresh" ]
  }

  def "nu-complete fob verify signatures" [] {
    [ "all" "any" ]
  }

  def "nu-complete fob verify holder_max_age" [] {
    [ "30s" "1m" "5m" "15m" "1h" "1d" "14d" ]
  }

  def "nu-complete fob verify secret_format" [] {
    [ "text" "base64" "base64url" "hex" "raw" ]
  }

  def "nu-complete fob verify decrypt_secret_format" [] {
    [ "text" "base64" "base64url" "hex" "raw" ]
  }

  def "nu-complete fob verify decrypt_alg" [] {
    [ "dir" "A128KW" "A192KW" "A256KW" "A128GCMKW" "A192GCMKW" "A256GCMKW" "RSA-OAEP" "RSA-OAEP-256" "RSA-OAEP-384" "RSA-OAEP-512" "RSA1_5" "ECDH-ES" "ECDH-ES+A128KW" "ECDH-ES+A192KW" "ECDH-ES+A256KW" "PBES2-HS256+A128KW" "PBES2-HS384+A192KW" "PBES2-HS512+A256KW" ]
  }

  def "nu-complete fob verify pick" [] {
    [ "access" "refresh" "id" ]
  }

  def "nu-complete fob verify print" [] {
    [ "accepted" "rejected" ]
  }

  def "nu-complete fob verify allow" [] {
    [ "network" "store" "paths" ]
  }

  def "nu-complete fob verify report" [] {
    [ "junit=" "tap=" "json=" "github=" "sarif=" "markdown=" "html=" ]
  }

  # Check a token's signature and claims
  export extern "fob verify" [
    --json(-j)                # Print JSON, also for errors
    --quiet(-q)               # Print only results, without reports, warnings and hints
    --color: string@"nu-complete fob verify color" # Choose when to use colour
    --at: string@"nu-complete fob verify at" # Use this time instead of the clock, such as 2026-01-31 or -3d
    --tz: string@"nu-complete fob verify tz" # Show dates in this zone: utc, local, +02:00
    --expect: string@"nu-complete fob verify expect" # Succeed on this outcome: accepted, rejected or reason codes
    --get: string@"nu-complete fob verify get" # Print only this claim of an accepted token
    --verbose(-v)             # Show the header and the payload, too
    --alg: string@"nu-complete fob verify alg" # Allow this algorithm; may repeat [default: the algorithms of the key]
    --iss: string             # Require this iss; repeated, any of them
    --aud: string             # Require this in aud; repeated, any of them
    --sub: string             # Require this sub
    --jti: string             # Require this jti
    --typ: string             # Require this media type in the header parameter typ
    --claim(-c): string       # Require this claim with this value: name=text or name:=json
    --require: string@"nu-complete fob verify require" # Require this claim; may repeat
    --max-age: string@"nu-complete fob verify max_age" # Reject tokens issued longer ago than this
    --leeway: string@"nu-complete fob verify leeway" # Allow this difference between clocks [default: 0]
    --strict                  # Reject weak keys, a missing exp, and an unchecked aud or iss
    --token-type: string@"nu-complete fob verify token_type" # Require this kind of token: access, refresh, …
    --ignore-exp              # Skip the comparison of exp with the clock
    --allow-padding           # Accept segments with `=` padding, as load balancers of AWS write them
    --accept-shared-key       # Accept claims that are encrypted with a shared key, but not signed
    --signatures: string@"nu-complete fob verify signatures" # Require all signatures of a token in JSON serialization to be accepted, or any one [default: all]
    --holder-nonce: string    # Require an SD-JWT whose key binding JWT has this nonce
    --holder-aud: string      # Require an SD-JWT whose key binding JWT has this aud; repeated, any of them
    --holder-max-age: string@"nu-complete fob verify holder_max_age" # Require an SD-JWT whose key binding JWT was signed no longer ago than this
    --store: path             # Check and update this store of used and revoked tokens
    --once                    # Accept each token only once; needs --store
    --secret-env: string      # Read the secret from an environment variable
    --secret-file: path       # Read the secret from a file
    --secret(-s): string      # The secret itself, or - for standard input
    --secret-format: string@"nu-complete fob verify secret_format" # The encoding of the secret [default: text]
    --kid: string             # Choose the key with this ID from a set
    --kid-claim: string       # Choose the key of a set by this claim instead of the kid, for one secret per user
    --key-password-env: string # Read the password of an encrypted key from an environment variable
    --key-password-file: path # Read the password of an encrypted key from a file
    --issuer-keys: string     # Fetch the keys that this issuer publishes, and require its iss
    --cache: directory        # Keep fetched keys in this folder
    --offline                 # Use only the keys in the folder of --cache, however old
    --decrypt-key: path       # Decrypt tokens with this key: a path, or -; may repeat
    --decrypt-secret-env: string # Read a shared key or a password to decrypt with from an environment variable
    --decrypt-secret-file: path # Read a shared key or a password to decrypt with from a file
    --decrypt-secret-format: string@"nu-complete fob verify decrypt_secret_format" # The encoding of the shared key [default: text]
    --decrypt-alg: string@"nu-complete fob verify decrypt_alg" # Decrypt only tokens with this key management algorithm; may repeat
    --cookie: string          # The name of the session cookie of Auth.js or NextAuth.js, if it is not one of the usual names
    --pick: string@"nu-complete fob verify pick" # Choose one of several tokens by its name or its number
    --join                    # Remove line breaks, spaces and invisible characters inside the token
    --max-size: string        # Refuse tokens larger than this [default: 1M]
    --payload: string         # The payload of a token that does not hold it: @PATH, - for standard input, or the text itself
    --lines: path             # Read one input a line, from a file or standard input
    --threads: string         # Use this many threads [default: the number of processors]
    --null                    # End lines with a NUL byte instead of a line break
    --print: string@"nu-complete fob verify print" # Print only the accepted lines, or only the rejected lines, unchanged
    --filter: string          # Run only the cases whose name contains this text; may repeat
    --fail-fast               # Stop at the first case without the expected outcome
    --allow: string@"nu-complete fob verify allow" # Allow the suites more than their own files: network, store or paths; may repeat
    --report: string@"nu-complete fob verify report" # Write a report: junit, tap, json, github, sarif, markdown or html
    --key(-k): path           # A key: a path, a URL, or - for standard input; may repeat
    --suite: path             # Run a suite: tokens with their expected outcomes; may repeat
    --help(-h)                # Print help (see more with '--help')
    token?: string            # The token itself, @PATH of a file, or - for standard input
  ]

  def "nu-complete fob test color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete fob test at" [] {
    [ "now" "+15m" "+1h" "+1d" "-1h" "15m" "1h" "1d" ]
  }

  def "nu-complete fob test tz" [] {
    [ "utc" "local" "+00:00" "+01:00" "+02:00" "+03:00" "+05:30" "+08:00" "+09:00" "-03:00" "-05:00" "-08:00" ]
  }

  def "nu-complete fob test allow" [] {
    [ "network" "store" "paths" ]
  }

  def "nu-complete fob test report" [] {
    [ "junit=" "tap=" "json=" "github=" "sarif=" "markdown=" "html=" ]
  }

  # Run suites: tokens with their expected outcomes
  export extern "fob test" [
    --json(-j)                # Print JSON, also for errors
    --quiet(-q)               # Print only results, without reports, warnings and hints
    --color: string@"nu-complete fob test color" # Choose when to use colour
    --at: string@"nu-complete fob test at" # Use this time instead of the clock, such as 2026-01-31 or -3d
    --tz: string@"nu-complete fob test tz" # Show dates in this zone: utc, local, +02:00
    --filter: string          # Run only the cases whose name contains this text; may repeat
    --fail-fast               # Stop at the first case without the expected outcome
    --allow: string@"nu-complete fob test allow" # Allow the suites more than their own files: network, store or paths; may repeat
    --report: string@"nu-complete fob test report" # Write a report: junit, tap, json, github, sarif, markdown or html
    --help(-h)                # Print help (see more with '--help')
    ...suite: path            # The suites: TOML, YAML or JSON files, or folders of them
  ]

  def "nu-complete fob pair color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete fob pair at" [] {
    [ "now" "+15m" "+1h" "+1d" "-1h" "15m" "1h" "1d" ]
  }

  def "nu-complete fob pair tz" [] {
    [ "utc" "local" "+00:00" "+01:00" "+02:00" "+03:00" "+05:30" "+08:00" "+09:00" "-03:00" "-05:00" "-08:00" ]
  }

  def "nu-complete fob pair profile" [] {
    [ "simplejwt" "simplejwt-sliding" "drf-jwt" "flask-jwt-extended" "fastapi-users" "oauth" "plain" "dj-rest-auth" "allauth" "allauth-session" "flask-jwt-extended-cookie" "fastapi" "fastapi-users-cookie" "express" "supabase" "keycloak" ]
  }

  def "nu-complete fob pair access_ttl" [] {
    [ "30s" "1m" "5m" "15m" "1h" "1d" "14d" ]
  }

  def "nu-complete fob pair refresh_ttl" [] {
    [ "30s" "1m" "5m" "15m" "1h" "1d" "14d" ]
  }

  def "nu-complete fob pair alg" [] {
    [ "HS256" "HS384" "HS512" "RS256" "RS384" "RS512" "PS256" "PS384" "PS512" "ES256" "ES384" "ES512" "ES256K" "EdDSA" "Ed25519" "ML-DSA-44" "ML-DSA-65" "ML-DSA-87" ]
  }

  def "nu-complete fob pair secret_format" [] {
    [ "text" "base64" "base64url" "hex" "raw" ]
  }

  def "nu-complete fob pair encrypt_secret_format" [] {
    [ "text" "base64" "base64url" "hex" "raw" ]
  }

  def "nu-complete fob pair encrypt_alg" [] {
    [ "dir" "A128KW" "A192KW" "A256KW" "A128GCMKW" "A192GCMKW" "A256GCMKW" "RSA-OAEP" "RSA-OAEP-256" "RSA-OAEP-384" "RSA-OAEP-512" "RSA1_5" "ECDH-ES" "ECDH-ES+A128KW" "ECDH-ES+A192KW" "ECDH-ES+A256KW" "PBES2-HS256+A128KW" "PBES2-HS384+A192KW" "PBES2-HS512+A256KW" ]
  }

  def "nu-complete fob pair enc" [] {
    [ "A128CBC-HS256" "A192CBC-HS384" "A256CBC-HS512" "A128GCM" "A192GCM" "A256GCM" ]
  }

  def "nu-complete fob pair client_auth" [] {
    [ "basic" "form" ]
  }

  def "nu-complete fob pair body" [] {
    [ "form" "json" ]
  }

  def "nu-complete fob pair format" [] {
    [ "text" "json" "env" "header" "oauth" ]
  }

  # Mint an access token and a refresh token that belong together
  export extern "fob pair" [
    --json(-j)                # Print JSON, also for errors
    --quiet(-q)               # Print only results, without reports, warnings and hints
    --color: string@"nu-complete fob pair color" # Choose when to use colour
    --at: string@"nu-complete fob pair at" # Use this time instead of the clock, such as 2026-01-31 or -3d
    --tz: string@"nu-complete fob pair tz" # Show dates in this zone: utc, local, +02:00
    --user-id: string         # The user, as the claim user_id
    --sub: string             # The user, as the claim sub
    --profile: string@"nu-complete fob pair profile" # The framework whose tokens are issued [default: simplejwt]
    --access-ttl: string@"nu-complete fob pair access_ttl" # The lifetime of the access token [default: 5m]
    --refresh-ttl: string@"nu-complete fob pair refresh_ttl" # The lifetime of the refresh token [default: 1d]
    --iss: string             # iss, the issuer
    --aud: string             # aud, an audience; repeated, an array of them
    --claim(-c): string       # A claim of both tokens
    --access-claim: string    # A claim of the access token alone
    --refresh-claim: string   # A claim of the refresh token alone
    --refresh-mark: string    # The claim that marks a refresh token, such as type=refresh or refresh:=true
    --alg: string@"nu-complete fob pair alg" # The algorithm [default: that of the key; HS256 for a secret]
    --secret-env: string      # Read the secret from an environment variable
    --secret-file: path       # Read the secret from a file
    --secret(-s): string      # The secret itself, or - for standard input
    --secret-format: string@"nu-complete fob pair secret_format" # The encoding of the secret [default: text]
    --kid-claim: string       # Choose the key of a set by this claim instead of the kid, for one secret per user
    --key-password-env: string # Read the password of an encrypted key from an environment variable
    --key-password-file: path # Read the password of an encrypted key from a file
    --encrypt-for: path       # Encrypt the token for this key: a path, a URL, or -
    --encrypt-secret-env: string # Read a shared key to encrypt with from an environment variable
    --encrypt-secret-file: path # Read a shared key to encrypt with from a file
    --encrypt-secret-format: string@"nu-complete fob pair encrypt_secret_format" # The encoding of the shared key [default: text]
    --encrypt-alg: string@"nu-complete fob pair encrypt_alg" # The key management algorithm [default: by the type of the key]
    --enc: string@"nu-complete fob pair enc" # The content encryption algorithm [default: A256GCM, or by the size of a shared key]
    --encrypt-kid: string     # The ID of the encryption key: chooses a key of a set, and becomes the kid of the encrypted token
    --store: path             # Check and update this store of used and revoked tokens
    --from: string            # Get the tokens from this server instead of minting them
    --issuer: string          # Like --from, for the server that this issuer names
    --field: string           # Also send this, such as scope or a one-time password; may repeat
    --field-env: string       # Also send the text of an environment variable, such as header:apikey=ANON_KEY; may repeat
    --client: string          # The identifier of the client
    --client-secret-env: string # Read the secret of the client from an environment variable
    --client-secret-file: path # Read the secret of the client from a file
    --client-key: path        # Sign an assertion with the key in this file instead of sending a secret (private_key_jwt, RFC 7523)
    --client-auth: string@"nu-complete fob pair client_auth" # Send the secret in the Authorization header or in the form [default: as the issuer says, or else basic]
    --body: string@"nu-complete fob pair body" # Send the members of the request in this format
    --refresh-in: string      # Send the refresh token here: a member, a JSON Pointer, cookie:NAME, header or header:NAME
    --access-at: string       # Take the access token from here in the answer: a member, a JSON Pointer or cookie:NAME
    --refresh-at: string      # Take the refresh token from here in the answer: a member, a JSON Pointer or cookie:NAME
    --csrf: string            # Send the value of this cookie in this header field, if the token is in a cookie
    --refresh-url: string     # Refresh the session at this URL, which can be relative to that of the log-in [default: that of --profile]
    --revoke-url: string      # End the session at this URL, which can be relative to that of the log-in [default: that of --profile]
    --grant: string           # The grant: password, or client-credentials for a token of the client itself [default: password]
    --user: string            # Log in as this user; asks for the password
    --user-field: string      # The member with the user's name, such as email or /user/email [default: that of --profile]
    --password-field: string  # The member with the password [default: that of --profile]
    --password-env: string    # Read the password from an environment variable
    --password-file: path     # Read the password from a file
    --session: path           # Keep the login in this file, for `fob refresh --session FILE`
    --format: string@"nu-complete fob pair format" # The format [default: text]
    --scheme: string          # The scheme of --format header, such as Bearer, JWT, Token or DPoP [default: that of the tokens]
    --key(-k): path           # A private key: a path, or - for standard input
    --kid: string             # The ID of the key, for the header; chooses one of a set
    --seed: string            # Derive all random values from this number, for reproducible tests
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete fob refresh color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete fob refresh at" [] {
    [ "now" "+15m" "+1h" "+1d" "-1h" "15m" "1h" "1d" ]
  }

  def "nu-complete fob refresh tz" [] {
    [ "utc" "local" "+00:00" "+01:00" "+02:00" "+03:00" "+05:30" "+08:00" "+09:00" "-03:00" "-05:00" "-08:00" ]
  }

  def "nu-complete fob refresh valid_for" [] {
    [ "30s" "1m" "5m" "15m" "1h" "1d" "14d" ]
  }

  def "nu-complete fob refresh profile" [] {
    [ "simplejwt" "simplejwt-sliding" "drf-jwt" "flask-jwt-extended" "fastapi-users" "oauth" "plain" "dj-rest-auth" "allauth" "allauth-session" "flask-jwt-extended-cookie" "fastapi" "fastapi-users-cookie" "express" "supabase" "keycloak" ]
  }

  def "nu-complete fob refresh min_interval" [] {
    [ "30s" "1m" "5m" "15m" "1h" "1d" "14d" ]
  }

  def "nu-complete fob refresh access_ttl" [] {
    [ "30s" "1m" "5m" "15m" "1h" "1d" "14d" ]
  }

  def "nu-complete fob refresh refresh_ttl" [] {
    [ "30s" "1m" "5m" "15m" "1h" "1d" "14d" ]
  }

  def "nu-complete fob refresh alg" [] {
    [ "HS256" "HS384" "HS512" "RS256" "RS384" "RS512" "PS256" "PS384" "PS512" "ES256" "ES384" "ES512" "ES256K" "EdDSA" "Ed25519" "ML-DSA-44" "ML-DSA-65" "ML-DSA-87" ]
  }

  def "nu-complete fob refresh require" [] {
    [ "iss" "sub" "aud" "exp" "nbf" "iat" "jti" ]
  }

  def "nu-complete fob refresh max_age" [] {
    [ "30s" "1m" "5m" "15m" "1h" "1d" "14d" ]
  }

  def "nu-complete fob refresh leeway" [] {
    [ "30s" "1m" "5m" "15m" "1h" "1d" "14d" ]
  }

  def "nu-complete fob refresh secret_format" [] {
    [ "text" "base64" "base64url" "hex" "raw" ]
  }

  def "nu-complete fob refresh decrypt_secret_format" [] {
    [ "text" "base64" "base64url" "hex" "raw" ]
  }

  def "nu-complete fob refresh decrypt_alg" [] {
    [ "dir" "A128KW" "A192KW" "A256KW" "A128GCMKW" "A192GCMKW" "A256GCMKW" "RSA-OAEP" "RSA-OAEP-256" "RSA-OAEP-384" "RSA-OAEP-512" "RSA1_5" "ECDH-ES" "ECDH-ES+A128KW" "ECDH-ES+A192KW" "ECDH-ES+A256KW" "PBES2-HS256+A128KW" "PBES2-HS384+A192KW" "PBES2-HS512+A256KW" ]
  }

  def "nu-complete fob refresh encrypt_secret_format" [] {
    [ "text" "base64" "base64url" "hex" "raw" ]
  }

  def "nu-complete fob refresh encrypt_alg" [] {
    [ "dir" "A128KW" "A192KW" "A256KW" "A128GCMKW" "A192GCMKW" "A256GCMKW" "RSA-OAEP" "RSA-OAEP-256" "RSA-OAEP-384" "RSA-OAEP-512" "RSA1_5" "ECDH-ES" "ECDH-ES+A128KW" "ECDH-ES+A192KW" "ECDH-ES+A256KW" "PBES2-HS256+A128KW" "PBES2-HS384+A192KW" "PBES2-HS512+A256KW" ]
  }

  def "nu-complete fob refresh enc" [] {
    [ "A128CBC-HS256" "A192CBC-HS384" "A256CBC-HS512" "A128GCM" "A192GCM" "A256GCM" ]
  }

  def "nu-complete fob refresh pick" [] {
    [ "access" "refresh" "id" ]
  }

  def "nu-complete fob refresh client_auth" [] {
    [ "basic" "form" ]
  }

  def "nu-complete fob refresh body" [] {
    [ "form" "json" ]
  }

  def "nu-complete fob refresh format" [] {
    [ "text" "json" "env" "header" "oauth" ]
  }

  # Check a refresh token and mint the next access token
  export extern "fob refresh" [
    --json(-j)                # Print JSON, also for errors
    --quiet(-q)               # Print only results, without reports, warnings and hints
    --color: string@"nu-complete fob refresh color" # Choose when to use colour
    --at: string@"nu-complete fob refresh at" # Use this time instead of the clock, such as 2026-01-31 or -3d
    --tz: string@"nu-complete fob refresh tz" # Show dates in this zone: utc, local, +02:00
    --session: path           # Print the access token of this login, and refresh it first if it expires soon
    --valid-for: string@"nu-complete fob refresh valid_for" # Refresh the access token if it expires sooner than this [default: 30s]
    --profile: string@"nu-complete fob refresh profile" # The framework of the tokens [default: as the token looks]
    --rotate                  # Mint a new refresh token, too
    --refresh-mark: string    # The claim that marks a refresh token, such as type=refresh or refresh:=true
    --store: path             # Check and update this store of used and revoked tokens
    --min-interval: string@"nu-complete fob refresh min_interval" # Reject a token whose family was refreshed less than this ago
    --access-ttl: string@"nu-complete fob refresh access_ttl" # The lifetime of the access token [default: 5m]
    --refresh-ttl: string@"nu-complete fob refresh refresh_ttl" # The lifetime of the refresh token [default: 1d]
    --alg: string@"nu-complete fob refresh alg" # Allow this algorithm; may repeat [default: the algorithms of the key]
    --iss: string             # Require this iss; repeated, any of them
    --aud: string             # Require this in aud; repeated, any of them
    --sub: string             # Require this sub
    --jti: string             # Require this jti
    --typ: string             # Require this media type in the header parameter typ
    --claim(-c): string       # Require this claim with this value: name=text or name:=json
    --require: string@"nu-complete fob refresh require" # Require this claim; may repeat
    --max-age: string@"nu-complete fob refresh max_age" # Reject tokens issued longer ago than this
    --leeway: string@"nu-complete fob refresh leeway" # Allow this difference between clocks [default: 0]
    --strict                  # Reject weak keys, a missing exp, and an unchecked aud or iss
    --secret-env: string      # Read the secret from an environment variable
    --secret-file: path       # Read the secret from a file
    --secret(-s): string      # The secret itself, or - for standard input
    --secret-format: string@"nu-complete fob refresh secret_format" # The encoding of the secret [default: text]
    --kid-claim: string       # Choose the key of a set by this claim instead of the kid, for one secret per user
    --key-password-env: string # Read the password of an encrypted key from an environment variable
    --key-password-file: path # Read the password of an encrypted key from a file
    --decrypt-key: path       # Decrypt tokens with this key: a path, or -; may repeat
    --decrypt-secret-env: string # Read a shared key or a password to decrypt with from an environment variable
    --decrypt-secret-file: path # Read a shared key or a password to decrypt with from a file
    --decrypt-secret-format: string@"nu-complete fob refresh decrypt_secret_format" # The encoding of the shared key [default: text]
    --decrypt-alg: string@"nu-complete fob refresh decrypt_alg" # Decrypt only tokens with this key management algorithm; may repeat
    --encrypt-for: path       # Encrypt the token for this key: a path, a URL, or -
    --encrypt-secret-env: string # Read a shared key to encrypt with from an environment variable
    --encrypt-secret-file: path # Read a shared key to encrypt with from a file
    --encrypt-secret-format: string@"nu-complete fob refresh encrypt_secret_format" # The encoding of the shared key [default: text]
    --encrypt-alg: string@"nu-complete fob refresh encrypt_alg" # The key management algorithm [default: by the type of the key]
    --enc: string@"nu-complete fob refresh enc" # The content encryption algorithm [default: A256GCM, or by the size of a shared key]
    --encrypt-kid: string     # The ID of the encryption key: chooses a key of a set, and becomes the kid of the encrypted token
    --pick: string@"nu-complete fob refresh pick" # Choose one of several tokens by its name or its number
    --join                    # Remove line breaks, spaces and invisible characters inside the token
    --max-size: string        # Refuse tokens larger than this [default: 1M]
    --from: string            # Get the tokens from this server instead of minting them
    --issuer: string          # Like --from, for the server that this issuer names
    --field: string           # Also send this, such as scope or a one-time password; may repeat
    --field-env: string       # Also send the text of an environment variable, such as header:apikey=ANON_KEY; may repeat
    --client: string          # The identifier of the client
    --client-secret-env: string # Read the secret of the client from an environment variable
    --client-secret-file: path # Read the secret of the client from a file
    --client-key: path        # Sign an assertion with the key in this file instead of sending a secret (private_key_jwt, RFC 7523)
    --client-auth: string@"nu-complete fob refresh client_auth" # Send the secret in the Authorization header or in the form [default: as the issuer says, or else basic]
    --body: string@"nu-complete fob refresh body" # Send the members of the request in this format
    --refresh-in: string      # Send the refresh token here: a member, a JSON Pointer, cookie:NAME, header or header:NAME
    --access-at: string       # Take the access token from here in the answer: a member, a JSON Pointer or cookie:NAME
    --refresh-at: string      # Take the refresh token from here in the answer: a member, a JSON Pointer or cookie:NAME
    --csrf: string            # Send the value of this cookie in this header field, if the token is in a cookie
    --refresh-url: string     # Refresh the session at this URL, which can be relative to that of the log-in [default: that of --profile]
    --revoke-url: string      # End the session at this URL, which can be relative to that of the log-in [default: that of --profile]
    --verbose(-v)             # Show the header and the payload of a token that is not accepted
    --format: string@"nu-complete fob refresh format" # The format [default: text]
    --scheme: string          # The scheme of --format header, such as Bearer, JWT, Token or DPoP [default: that of the tokens]
    --key(-k): path           # A private key: a path, or - for standard input
    --kid: string             # The ID of the key, for the header; chooses one of a set
    --help(-h)                # Print help (see more with '--help')
    token?: string            # The token itself, @PATH of a file, or - for standard input
  ]

  def "nu-complete fob inspect color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete fob inspect at" [] {
    [ "now" "+15m" "+1h" "+1d" "-1h" "15m" "1h" "1d" ]
  }

  def "nu-complete fob inspect tz" [] {
    [ "utc" "local" "+00:00" "+01:00" "+02:00" "+03:00" "+05:30" "+08:00" "+09:00" "-03:00" "-05:00" "-08:00" ]
  }

  def "nu-complete fob inspect valid_for" [] {
    [ "30s" "1m" "5m" "15m" "1h" "1d" "14d" ]
  }

  def "nu-complete fob inspect require" [] {
    [ "iss" "sub" "aud" "exp" "nbf" "iat" "jti" ]
  }

  def "nu-complete fob inspect secret_format" [] {
    [ "text" "base64" "base64url" "hex" "raw" ]
  }

  def "nu-complete fob inspect decrypt_secret_format" [] {
    [ "text" "base64" "base64url" "hex" "raw" ]
  }

  def "nu-complete fob inspect decrypt_alg" [] {
    [ "dir" "A128KW" "A192KW" "A256KW" "A128GCMKW" "A192GCMKW" "A256GCMKW" "RSA-OAEP" "RSA-OAEP-256" "RSA-OAEP-384" "RSA-OAEP-512" "RSA1_5" "ECDH-ES" "ECDH-ES+A128KW" "ECDH-ES+A192KW" "ECDH-ES+A256KW" "PBES2-HS256+A128KW" "PBES2-HS384+A192KW" "PBES2-HS512+A256KW" ]
  }

  def "nu-complete fob inspect report" [] {
    [ "html=" ]
  }

  # Find every token in any text and report on each
  export extern "fob inspect" [
    --json(-j)                # Print JSON, also for errors
    --quiet(-q)               # Print only results, without reports, warnings and hints
    --color: string@"nu-complete fob inspect color" # Choose when to use colour
    --at: string@"nu-complete fob inspect at" # Use this time instead of the clock, such as 2026-01-31 or -3d
    --tz: string@"nu-complete fob inspect tz" # Show dates in this zone: utc, local, +02:00
    --count                   # Print the number of tokens only
    --oneline                 # Print one line a token: where, kind, issuer, subject, expiry, findings
    --unique                  # Report each token once, at its first location
    --redact                  # Mask personal values and leave out signatures, for sharing
    --valid-for: string@"nu-complete fob inspect valid_for" # Fail with status 3 unless every token stays valid for this long
    --require: string@"nu-complete fob inspect require" # Fail with status 1 unless every token has this claim; may repeat
    --suite: path             # Write a suite for `fob test` instead of a report
    --keep-claims             # Keep tokens unmasked in the suite, with personal values and valid signatures
    --secret-env: string      # Read the secret from an environment variable
    --secret-file: path       # Read the secret from a file
    --secret(-s): string      # The secret itself, or - for standard input
    --secret-format: string@"nu-complete fob inspect secret_format" # The encoding of the secret [default: text]
    --key(-k): path           # A key: a path, a URL, or - for standard input
    --kid: string             # Choose the key with this ID from a set
    --kid-claim: string       # Choose the key of a set by this claim instead of the kid, for one secret per user
    --key-password-env: string # Read the password of an encrypted key from an environment variable
    --key-password-file: path # Read the password of an encrypted key from a file
    --issuer-keys: string     # Fetch the keys that this issuer publishes, and require its iss
    --cache: directory        # Keep fetched keys in this folder
    --offline                 # Use only the keys in the folder of --cache, however old
    --decrypt-key: path       # Decrypt tokens with this key: a path, or -; may repeat
    --decrypt-secret-env: string # Read a shared key or a password to decrypt with from an environment variable
    --decrypt-secret-file: path # Read a shared key or a password to decrypt with from a file
    --decrypt-secret-format: string@"nu-complete fob inspect decrypt_secret_format" # The encoding of the shared key [default: text]
    --decrypt-alg: string@"nu-complete fob inspect decrypt_alg" # Decrypt only tokens with this key management algorithm; may repeat
    --cookie: string          # The name of the session cookie of Auth.js or NextAuth.js, if it is not one of the usual names
    --max-size: string        # Refuse tokens larger than this [default: 1M]
    --help(-h)                # Print help (see more with '--help')
    --report: string@"nu-complete fob inspect report" # Write a page on all tokens for a browser: html=PATH
    ...texts: string          # The text itself, a file or a folder, or - for standard input; may repeat
  ]

  def "nu-complete fob revoke color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete fob revoke at" [] {
    [ "now" "+15m" "+1h" "+1d" "-1h" "15m" "1h" "1d" ]
  }

  def "nu-complete fob revoke tz" [] {
    [ "utc" "local" "+00:00" "+01:00" "+02:00" "+03:00" "+05:30" "+08:00" "+09:00" "-03:00" "-05:00" "-08:00" ]
  }

  def "nu-complete fob revoke pick" [] {
    [ "access" "refresh" "id" ]
  }

  def "nu-complete fob revoke client_auth" [] {
    [ "basic" "form" ]
  }

  def "nu-complete fob revoke profile" [] {
    [ "simplejwt" "simplejwt-sliding" "drf-jwt" "flask-jwt-extended" "fastapi-users" "oauth" "plain" "dj-rest-auth" "allauth" "allauth-session" "flask-jwt-extended-cookie" "fastapi" "fastapi-users-cookie" "express" "supabase" "keycloak" ]
  }

  def "nu-complete fob revoke body" [] {
    [ "form" "json" ]
  }

  # Revoke tokens in a store or at their server, or log out of a session
  export extern "fob revoke" [
    --json(-j)                # Print JSON, also for errors
    --quiet(-q)               # Print only results, without reports, warnings and hints
    --color: string@"nu-complete fob revoke color" # Choose when to use colour
    --at: string@"nu-complete fob revoke at" # Use this time instead of the clock, such as 2026-01-31 or -3d
    --tz: string@"nu-complete fob revoke tz" # Show dates in this zone: utc, local, +02:00
    --store: path             # The store: PATH, sqlite:PATH, redis://HOST… or rediss://HOST…
    --family                  # Also revoke every token that descends from the same login
    --subject: string         # Revoke everything issued so far to this subject (`sub`, or else `user_id`)
    --iss: string             # Revoke only what this issuer issued to the subject
    --list                    # List the content of the store
    --prune                   # Delete expired records
    --pick: string@"nu-complete fob revoke pick" # Choose one of several tokens by its name or its number
    --join                    # Remove line breaks, spaces and invisible characters inside the token
    --max-size: string        # Refuse tokens larger than this [default: 1M]
    --from: string            # Revoke the token at this server
    --issuer: string          # Like --from, for the server that this issuer names
    --field: string           # Also send this, such as scope or a one-time password; may repeat
    --field-env: string       # Also send the text of an environment variable, such as header:apikey=ANON_KEY; may repeat
    --client: string          # The identifier of the client
    --client-secret-env: string # Read the secret of the client from an environment variable
    --client-secret-file: path # Read the secret of the client from a file
    --client-key: path        # Sign an assertion with the key in this file instead of sending a secret (private_key_jwt, RFC 7523)
    --client-auth: string@"nu-complete fob revoke client_auth" # Send the secret in the Authorization header or in the form [default: as the issuer says, or else basic]
    --profile: string@"nu-complete fob revoke profile" # Ask the server of this framework [default: as the token looks; with --issuer, oauth]
    --token-in: string        # Send the token here: a member, a JSON Pointer, cookie:NAME, header or header:NAME
    --body: string@"nu-complete fob revoke body" # Send the members of the request in this format
    --csrf: string            # Send the value of this cookie in this header field, if the token is in a cookie
    --scheme: string          # The scheme of the Authorization header, if the token is sent there [default: Bearer]
    --session: path           # Log out: end the login in this file at its server, and remove the file
    --help(-h)                # Print help (see more with '--help')
    token?: string            # The token itself, @PATH of a file, or - for standard input
  ]

  def "nu-complete fob key color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete fob key at" [] {
    [ "now" "+15m" "+1h" "+1d" "-1h" "15m" "1h" "1d" ]
  }

  def "nu-complete fob key tz" [] {
    [ "utc" "local" "+00:00" "+01:00" "+02:00" "+03:00" "+05:30" "+08:00" "+09:00" "-03:00" "-05:00" "-08:00" ]
  }

  # Make, show, convert or identify keys
  export extern "fob key" [
    --json(-j)                # Print JSON, also for errors
    --quiet(-q)               # Print only results, without reports, warnings and hints
    --color: string@"nu-complete fob key color" # Choose when to use colour
    --at: string@"nu-complete fob key at" # Use this time instead of the clock, such as 2026-01-31 or -3d
    --tz: string@"nu-complete fob key tz" # Show dates in this zone: utc, local, +02:00
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete fob key new alg" [] {
    [ "HS256" "HS384" "HS512" "RS256" "RS384" "RS512" "PS256" "PS384" "PS512" "ES256" "ES384" "ES512" "ES256K" "EdDSA" "Ed25519" "ML-DSA-44" "ML-DSA-65" "ML-DSA-87" "dir" "A128KW" "A192KW" "A256KW" "A128GCMKW" "A192GCMKW" "A256GCMKW" "RSA-OAEP" "RSA-OAEP-256" "RSA-OAEP-384" "RSA-OAEP-512" "RSA1_5" "ECDH-ES" "ECDH-ES+A128KW" "ECDH-ES+A192KW" "ECDH-ES+A256KW" "PBES2-HS256+A128KW" "PBES2-HS384+A192KW" "PBES2-HS512+A256KW" "A128CBC-HS256" "A192CBC-HS384" "A256CBC-HS512" "A128GCM" "A192GCM" "A256GCM" ]
  }

  def "nu-complete fob key new crv" [] {
    [ "P-256" "P-384" "P-521" "X25519" ]
  }

  def "nu-complete fob key new format" [] {
    [ "jwk" "pem" "secret" ]
  }

  def "nu-complete fob key new color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete fob key new at" [] {
    [ "now" "+15m" "+1h" "+1d" "-1h" "15m" "1h" "1d" ]
  }

  def "nu-complete fob key new tz" [] {
    [ "utc" "local" "+00:00" "+01:00" "+02:00" "+03:00" "+05:30" "+08:00" "+09:00" "-03:00" "-05:00" "-08:00" ]
  }

  # Make a secret or a key
  export extern "fob key new" [
    --alg: string@"nu-complete fob key new alg" # The signature or encryption algorithm that the key is for [default: ES256; HS256 with --format secret]
    --crv: string@"nu-complete fob key new crv" # The curve of an ECDH-ES key [default: P-256]
    --out: path               # Write it to a new file instead of standard output
    --format: string@"nu-complete fob key new format" # The form of the key; `secret` prints random bytes in Base64url
    --kid: string             # The ID of the key; `thumbprint` is its SHA-256 thumbprint (RFC 7638)
    --bits: string            # The size of an RSA key [default: 3072]
    --seed: string            # Derive all random values from this number, for reproducible tests
    --json(-j)                # Print JSON, also for errors
    --quiet(-q)               # Print only results, without reports, warnings and hints
    --color: string@"nu-complete fob key new color" # Choose when to use colour
    --at: string@"nu-complete fob key new at" # Use this time instead of the clock, such as 2026-01-31 or -3d
    --tz: string@"nu-complete fob key new tz" # Show dates in this zone: utc, local, +02:00
    --help(-h)                # Print help (see more with '--help')
  ]

  def "nu-complete fob key show format" [] {
    [ "jwk" "jwks" "pem" ]
  }

  def "nu-complete fob key show color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete fob key show at" [] {
    [ "now" "+15m" "+1h" "+1d" "-1h" "15m" "1h" "1d" ]
  }

  def "nu-complete fob key show tz" [] {
    [ "utc" "local" "+00:00" "+01:00" "+02:00" "+03:00" "+05:30" "+08:00" "+09:00" "-03:00" "-05:00" "-08:00" ]
  }

  # Show, convert or identify a key; private parts only with --private
  export extern "fob key show" [
    --kid: string             # Choose the key of a set by its ID; with --format jwks, the ID of the key in the next file
    --public                  # Print the public half as a key
    --private                 # Print the whole key, private parts too
    --format: string@"nu-complete fob key show format" # The form of the key [default: jwk]
    --thumbprint              # Print only the thumbprint (RFC 7638, SHA-256); of several files, with the name of each
    --key-password-env: string # Read the password of an encrypted key from an environment variable
    --key-password-file: path # Read the password of an encrypted key from a file
    --json(-j)                # Print JSON, also for errors
    --quiet(-q)               # Print only results, without reports, warnings and hints
    --color: string@"nu-complete fob key show color" # Choose when to use colour
    --at: string@"nu-complete fob key show at" # Use this time instead of the clock, such as 2026-01-31 or -3d
    --tz: string@"nu-complete fob key show tz" # Show dates in this zone: utc, local, +02:00
    --help(-h)                # Print help (see more with '--help')
    ...path: path             # The files, or - for standard input; with --format jwks, several files make one set
  ]

  def "nu-complete fob schema color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete fob schema at" [] {
    [ "now" "+15m" "+1h" "+1d" "-1h" "15m" "1h" "1d" ]
  }

  def "nu-complete fob schema tz" [] {
    [ "utc" "local" "+00:00" "+01:00" "+02:00" "+03:00" "+05:30" "+08:00" "+09:00" "-03:00" "-05:00" "-08:00" ]
  }

  def "nu-complete fob schema command" [] {
    [ "encode" "decode" "verify" "test" "pair" "refresh" "inspect" "revoke" "key" "schema" "error" ]
  }

  def "nu-complete fob schema action" [] {
    [ "new" "show" ]
  }

  # Print the JSON Schema of a command's output
  export extern "fob schema" [
    --json(-j)                # Print JSON, also for errors
    --quiet(-q)               # Print only results, without reports, warnings and hints
    --color: string@"nu-complete fob schema color" # Choose when to use colour
    --at: string@"nu-complete fob schema at" # Use this time instead of the clock, such as 2026-01-31 or -3d
    --tz: string@"nu-complete fob schema tz" # Show dates in this zone: utc, local, +02:00
    --help(-h)                # Print help (see more with '--help')
    command?: string@"nu-complete fob schema command" # The command, or error for failures of all commands
    action?: string@"nu-complete fob schema action" # After key: new or show
  ]

  def "nu-complete fob completions color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete fob completions at" [] {
    [ "now" "+15m" "+1h" "+1d" "-1h" "15m" "1h" "1d" ]
  }

  def "nu-complete fob completions tz" [] {
    [ "utc" "local" "+00:00" "+01:00" "+02:00" "+03:00" "+05:30" "+08:00" "+09:00" "-03:00" "-05:00" "-08:00" ]
  }

  def "nu-complete fob completions shell" [] {
    [ "bash" "elvish" "fish" "nushell" "powershell" "zsh" ]
  }

  # Print the completion script of a shell
  export extern "fob completions" [
    --json(-j)                # Print JSON, also for errors
    --quiet(-q)               # Print only results, without reports, warnings and hints
    --color: string@"nu-complete fob completions color" # Choose when to use colour
    --at: string@"nu-complete fob completions at" # Use this time instead of the clock, such as 2026-01-31 or -3d
    --tz: string@"nu-complete fob completions tz" # Show dates in this zone: utc, local, +02:00
    --help(-h)                # Print help (see more with '--help')
    shell: string@"nu-complete fob completions shell" # The shell
  ]

  def "nu-complete fob man color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete fob man at" [] {
    [ "now" "+15m" "+1h" "+1d" "-1h" "15m" "1h" "1d" ]
  }

  def "nu-complete fob man tz" [] {
    [ "utc" "local" "+00:00" "+01:00" "+02:00" "+03:00" "+05:30" "+08:00" "+09:00" "-03:00" "-05:00" "-08:00" ]
  }

  # Print a man page, or write all of them to a folder
  export extern "fob man" [
    --json(-j)                # Print JSON, also for errors
    --quiet(-q)               # Print only results, without reports, warnings and hints
    --color: string@"nu-complete fob man color" # Choose when to use colour
    --at: string@"nu-complete fob man at" # Use this time instead of the clock, such as 2026-01-31 or -3d
    --tz: string@"nu-complete fob man tz" # Show dates in this zone: utc, local, +02:00
    --out: directory          # Write the pages of all commands to this folder as new files: fob.1, fob-verify.1, fob-key-new.1 and so on
    --help(-h)                # Print help (see more with '--help')
    ...command: string        # The command of the page, such as verify or key new
  ]

  def "nu-complete fob help command" [] {
    [ "encode" "sign" "mint" "decode" "verify" "test" "pair" "refresh" "inspect" "revoke" "key" "schema" "completions" "man" ]
  }

  def "nu-complete fob help color" [] {
    [ "auto" "always" "never" ]
  }

  def "nu-complete fob help at" [] {
    [ "now" "+15m" "+1h" "+1d" "-1h" "15m" "1h" "1d" ]
  }

  def "nu-complete fob help tz" [] {
    [ "utc" "local" "+00:00" "+01:00" "+02:00" "+03:00" "+05:30" "+08:00" "+09:00" "-03:00" "-05:00" "-08:00" ]
  }

  # Print the help of a command
  export extern "fob help" [
    --json(-j)                # Print JSON, also for errors
    --quiet(-q)               # Print only results, without reports, warnings and hints
    --color: string@"nu-complete fob help color" # Choose when to use colour
    --at: string@"nu-complete fob help at" # Use this time instead of the clock, such as 2026-01-31 or -3d
    --tz: string@"nu-complete fob help tz" # Show dates in this zone: utc, local, +02:00
    --help(-h)                # Print help (see more with '--help')
    command?: string@"nu-complete fob help command"
  ]

}

export use completions *
