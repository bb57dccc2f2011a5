# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_fob_global_optspecs
    string join \n j/json q/quiet color= at= tz= h/help V/version
end

function __fish_fob_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_fob_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_fob_using_subcommand
    set -l cmd (__fish_fob_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c fob -n "__fish_fob_needs_command" -l color -d 'Choose when to use colour' -r -f -a "auto\t'Terminals, unless the environment says otherwise'
always\t'All streams'
never\t'No stream'"
complete -c fob -n "__fish_fob_needs_command" -l at -d 'Use this time instead of the clock, such as 2026-01-31 or -3d' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_needs_command" -l tz -d 'Show dates in this zone: utc, local, +02:00' -r -f -a "utc\t''
local\t''
+00:00\t''
+01:00\t''
+02:00\t''
+03:00\t''
+05:30\t''
+08:00\t''
+09:00\t''
-03:00\t''
-05:00\t''
-08:00\t''"
complete -c fob -n "__fish_fob_needs_command" -s j -l json -d 'Print JSON, also for errors'
complete -c fob -n "__fish_fob_needs_command" -s q -l quiet -d 'Print only results, without reports, warnings and hints'
complete -c fob -n "__fish_fob_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fob -n "__fish_fob_needs_command" -s V -l version -d 'Print version'
complete -c fob -n "__fish_fob_needs_command" -f -a "encode" -d 'Build and sign a token'
complete -c fob -n "__fish_fob_needs_command" -f -a "sign" -d 'Build and sign a token'
complete -c fob -n "__fish_fob_needs_command" -f -a "mint" -d 'Build and sign a token'
complete -c fob -n "__fish_fob_needs_command" -f -a "decode" -d 'Show the content of a token, without a key and without a verdict'
complete -c fob -n "__fish_fob_needs_command" -f -a "verify" -d 'Check a token\'s signature and claims'
complete -c fob -n "__fish_fob_needs_command" -f -a "test" -d 'Run suites: tokens with their expected outcomes'
complete -c fob -n "__fish_fob_needs_command" -f -a "pair" -d 'Mint an access token and a refresh token that belong together'
complete -c fob -n "__fish_fob_needs_command" -f -a "refresh" -d 'Check a refresh token and mint the next access token'
complete -c fob -n "__fish_fob_needs_command" -f -a "inspect" -d 'Find every token in any text and report on each'
complete -c fob -n "__fish_fob_needs_command" -f -a "revoke" -d 'Revoke tokens in a store or at their server, or log out of a session'
complete -c fob -n "__fish_fob_needs_command" -f -a "key" -d 'Make, show, convert or identify keys'
complete -c fob -n "__fish_fob_needs_command" -f -a "schema" -d 'Print the JSON Schema of a command\'s output'
complete -c fob -n "__fish_fob_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c fob -n "__fish_fob_needs_command" -f -a "man" -d 'Print a man page, or write all of them to a folder'
complete -c fob -n "__fish_fob_needs_command" -f -a "help" -d 'Print the help of a command'
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l color -d 'Choose when to use colour' -r -f -a "auto\t'Terminals, unless the environment says otherwise'
always\t'All streams'
never\t'No stream'"
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l at -d 'Use this time instead of the clock, such as 2026-01-31 or -3d' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l tz -d 'Show dates in this zone: utc, local, +02:00' -r -f -a "utc\t''
local\t''
+00:00\t''
+01:00\t''
+02:00\t''
+03:00\t''
+05:30\t''
+08:00\t''
+09:00\t''
-03:00\t''
-05:00\t''
-08:00\t''"
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -s c -l claim -d 'A claim: name=text for a string, name:=json for any type' -r
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l iss -d 'iss, the issuer' -r
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l sub -d 'sub, the subject' -r
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l aud -d 'aud, an audience; repeated, an array of them' -r
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l exp -d 'exp, the expiration: 15m after iat, +15m from now, or a date' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l nbf -d 'nbf, the time before which the token is not valid' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l iat -d 'iat, the time of issue [default: now]' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l jti -d 'jti, the ID of the token; without a value, 128 random bits' -r
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l payload -d 'Sign these bytes unchanged: @PATH, - for standard input, or the text itself' -r
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l alg -d 'The algorithm [default: that of the key; HS256 for a secret]' -r -f -a "HS256\t''
HS384\t''
HS512\t''
RS256\t''
RS384\t''
RS512\t''
PS256\t''
PS384\t''
PS512\t''
ES256\t''
ES384\t''
ES512\t''
ES256K\t''
EdDSA\t''
Ed25519\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''"
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l typ -d 'The type of the token [default: JWT]' -r
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l header -d 'Another header parameter' -r
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l secret-env -d 'Read the secret from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l secret-file -d 'Read the secret from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -s s -l secret -d 'The secret itself, or - for standard input' -r
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l secret-format -d 'The encoding of the secret [default: text]' -r -f -a "text\t''
base64\t''
base64url\t''
hex\t''
raw\t''"
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l kid-claim -d 'Choose the key of a set by this claim instead of the kid, for one secret per user' -r
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l key-password-env -d 'Read the password of an encrypted key from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l key-password-file -d 'Read the password of an encrypted key from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l encrypt-for -d 'Encrypt the token for this key: a path, a URL, or -' -r -F
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l encrypt-secret-env -d 'Read a shared key to encrypt with from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l encrypt-secret-file -d 'Read a shared key to encrypt with from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l encrypt-secret-format -d 'The encoding of the shared key [default: text]' -r -f -a "text\t''
base64\t''
base64url\t''
hex\t''
raw\t''"
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l encrypt-alg -d 'The key management algorithm [default: by the type of the key]' -r -f -a "dir\t''
A128KW\t''
A192KW\t''
A256KW\t''
A128GCMKW\t''
A192GCMKW\t''
A256GCMKW\t''
RSA-OAEP\t''
RSA-OAEP-256\t''
RSA-OAEP-384\t''
RSA-OAEP-512\t''
ECDH-ES\t''
ECDH-ES+A128KW\t''
ECDH-ES+A192KW\t''
ECDH-ES+A256KW\t''
PBES2-HS256+A128KW\t''
PBES2-HS384+A192KW\t''
PBES2-HS512+A256KW\t''"
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l enc -d 'The content encryption algorithm [default: A256GCM, or by the size of a shared key]' -r -f -a "A128CBC-HS256\t''
A192CBC-HS384\t''
A256CBC-HS512\t''
A128GCM\t''
A192GCM\t''
A256GCM\t''"
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l encrypt-kid -d 'The ID of the encryption key: chooses a key of a set, and becomes the kid of the encrypted token' -r
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l format -d 'The format [default: token]' -r -f -a "token\t'The token alone'
json\t'A JSON object with the token, its header and its payload'
header\t'The Authorization header of an HTTP request'
env\t'An assignment for a shell: FOB_TOKEN'"
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l serialization -d 'The serialization: compact, or a JSON object [default: compact]' -r -f -a "compact\t''
flattened\t''
general\t''"
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l flaw -d 'Mint a token with exactly one defect, to test a verifier' -r -f -a "expired\t'exp was an hour ago'
not-yet-valid\t'nbf is in an hour'
issued-in-future\t'iat is in an hour'
wrong-key\t'signed with another key of the same type'
tampered-payload\t'a claim was changed after signing'
tampered-header\t'a header parameter was added after signing'
truncated-signature\t'the signature lacks its last byte'
empty-signature\t'the signature is empty'
alg-none\t'alg is none, and there is no signature'
alg-unknown\t'alg names no known algorithm'
hmac-with-public-key\t'alg is HS256, and the secret is the PEM of the public key'
duplicate-member\t'a claim is present twice, with two values'
padded-base64\t'the segments are padded with ='
non-canonical-base64\t'the last character of a segment has unused bits set'
crit\t'crit names an unknown extension'
not-json\t'the payload is truncated JSON'
array-payload\t'the payload is an array'
deep-json\t'a claim nests 256 arrays'
jwe-shaped\t'five segments, as in an encrypted token'
control-characters\t'a string of the payload holds a raw control character'
jwe-tampered-tag\t'encrypted, and the authentication tag was changed'
jwe-tampered-header\t'a header parameter was added after encryption'
jwe-unsigned\t'the claims are encrypted, but not signed'
jwe-wrong-key\t'encrypted for another key of the same type'
jwe-zip-bomb\t'the encrypted content grows more than tenfold when it is decompressed'
jwe-p2c-huge\t'p2c demands two billion iterations of PBES2'
jwe-invalid-curve\t'the ephemeral key is not a point on its curve'
missing-CLAIM\t'that claim is left out'
wrong-type-CLAIM\t'that claim has another JSON type'
all\t'all flaws that the token can have, with --suite'"
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l suite -d 'Write a suite for `fob test`: the valid token and the flawed ones' -r -F
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l seed -d 'Derive all random values from this number, for reproducible tests' -r
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l threads -d 'Use this many threads [default: the number of processors]' -r
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l lines -d 'Read one input a line, from a file or standard input' -r -F
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l kid -d 'The ID of the key, for the header; chooses one of a set' -r
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -s k -l key -d 'A private key: a path, or - for standard input' -r -F
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -s j -l json -d 'Print JSON, also for errors'
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -s q -l quiet -d 'Print only results, without reports, warnings and hints'
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l no-iat -d 'Do not add iat, the time of issue'
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l verbatim -d 'Sign the bytes of PAYLOAD, or of each line of --lines, unchanged'
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l detached -d 'Leave the payload out of the token (RFC 7515 appendix F)'
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l no-b64 -d 'Do not encode the payload (RFC 7797): the header gets b64 false, and crit'
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l no-typ -d 'Omit the type'
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l unsigned -d 'Encrypt the claims without a signature'
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -l null -d 'End lines with a NUL byte instead of a line break'
complete -c fob -n "__fish_fob_using_subcommand encode sign mint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fob -n "__fish_fob_using_subcommand sign" -l color -d 'Choose when to use colour' -r -f -a "auto\t'Terminals, unless the environment says otherwise'
always\t'All streams'
never\t'No stream'"
complete -c fob -n "__fish_fob_using_subcommand sign" -l at -d 'Use this time instead of the clock, such as 2026-01-31 or -3d' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand sign" -l tz -d 'Show dates in this zone: utc, local, +02:00' -r -f -a "utc\t''
local\t''
+00:00\t''
+01:00\t''
+02:00\t''
+03:00\t''
+05:30\t''
+08:00\t''
+09:00\t''
-03:00\t''
-05:00\t''
-08:00\t''"
complete -c fob -n "__fish_fob_using_subcommand sign" -s c -l claim -d 'A claim: name=text for a string, name:=json for any type' -r
complete -c fob -n "__fish_fob_using_subcommand sign" -l iss -d 'iss, the issuer' -r
complete -c fob -n "__fish_fob_using_subcommand sign" -l sub -d 'sub, the subject' -r
complete -c fob -n "__fish_fob_using_subcommand sign" -l aud -d 'aud, an audience; repeated, an array of them' -r
complete -c fob -n "__fish_fob_using_subcommand sign" -l exp -d 'exp, the expiration: 15m after iat, +15m from now, or a date' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand sign" -l nbf -d 'nbf, the time before which the token is not valid' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand sign" -l iat -d 'iat, the time of issue [default: now]' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand sign" -l jti -d 'jti, the ID of the token; without a value, 128 random bits' -r
complete -c fob -n "__fish_fob_using_subcommand sign" -l payload -d 'Sign these bytes unchanged: @PATH, - for standard input, or the text itself' -r
complete -c fob -n "__fish_fob_using_subcommand sign" -l alg -d 'The algorithm [default: that of the key; HS256 for a secret]' -r -f -a "HS256\t''
HS384\t''
HS512\t''
RS256\t''
RS384\t''
RS512\t''
PS256\t''
PS384\t''
PS512\t''
ES256\t''
ES384\t''
ES512\t''
ES256K\t''
EdDSA\t''
Ed25519\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''"
complete -c fob -n "__fish_fob_using_subcommand sign" -l typ -d 'The type of the token [default: JWT]' -r
complete -c fob -n "__fish_fob_using_subcommand sign" -l header -d 'Another header parameter' -r
complete -c fob -n "__fish_fob_using_subcommand sign" -l secret-env -d 'Read the secret from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand sign" -l secret-file -d 'Read the secret from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand sign" -s s -l secret -d 'The secret itself, or - for standard input' -r
complete -c fob -n "__fish_fob_using_subcommand sign" -l secret-format -d 'The encoding of the secret [default: text]' -r -f -a "text\t''
base64\t''
base64url\t''
hex\t''
raw\t''"
complete -c fob -n "__fish_fob_using_subcommand sign" -l kid-claim -d 'Choose the key of a set by this claim instead of the kid, for one secret per user' -r
complete -c fob -n "__fish_fob_using_subcommand sign" -l key-password-env -d 'Read the password of an encrypted key from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand sign" -l key-password-file -d 'Read the password of an encrypted key from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand sign" -l encrypt-for -d 'Encrypt the token for this key: a path, a URL, or -' -r -F
complete -c fob -n "__fish_fob_using_subcommand sign" -l encrypt-secret-env -d 'Read a shared key to encrypt with from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand sign" -l encrypt-secret-file -d 'Read a shared key to encrypt with from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand sign" -l encrypt-secret-format -d 'The encoding of the shared key [default: text]' -r -f -a "text\t''
base64\t''
base64url\t''
hex\t''
raw\t''"
complete -c fob -n "__fish_fob_using_subcommand sign" -l encrypt-alg -d 'The key management algorithm [default: by the type of the key]' -r -f -a "dir\t''
A128KW\t''
A192KW\t''
A256KW\t''
A128GCMKW\t''
A192GCMKW\t''
A256GCMKW\t''
RSA-OAEP\t''
RSA-OAEP-256\t''
RSA-OAEP-384\t''
RSA-OAEP-512\t''
ECDH-ES\t''
ECDH-ES+A128KW\t''
ECDH-ES+A192KW\t''
ECDH-ES+A256KW\t''
PBES2-HS256+A128KW\t''
PBES2-HS384+A192KW\t''
PBES2-HS512+A256KW\t''"
complete -c fob -n "__fish_fob_using_subcommand sign" -l enc -d 'The content encryption algorithm [default: A256GCM, or by the size of a shared key]' -r -f -a "A128CBC-HS256\t''
A192CBC-HS384\t''
A256CBC-HS512\t''
A128GCM\t''
A192GCM\t''
A256GCM\t''"
complete -c fob -n "__fish_fob_using_subcommand sign" -l encrypt-kid -d 'The ID of the encryption key: chooses a key of a set, and becomes the kid of the encrypted token' -r
complete -c fob -n "__fish_fob_using_subcommand sign" -l format -d 'The format [default: token]' -r -f -a "token\t'The token alone'
json\t'A JSON object with the token, its header and its payload'
header\t'The Authorization header of an HTTP request'
env\t'An assignment for a shell: FOB_TOKEN'"
complete -c fob -n "__fish_fob_using_subcommand sign" -l serialization -d 'The serialization: compact, or a JSON object [default: compact]' -r -f -a "compact\t''
flattened\t''
general\t''"
complete -c fob -n "__fish_fob_using_subcommand sign" -l flaw -d 'Mint a token with exactly one defect, to test a verifier' -r -f -a "expired\t'exp was an hour ago'
not-yet-valid\t'nbf is in an hour'
issued-in-future\t'iat is in an hour'
wrong-key\t'signed with another key of the same type'
tampered-payload\t'a claim was changed after signing'
tampered-header\t'a header parameter was added after signing'
truncated-signature\t'the signature lacks its last byte'
empty-signature\t'the signature is empty'
alg-none\t'alg is none, and there is no signature'
alg-unknown\t'alg names no known algorithm'
hmac-with-public-key\t'alg is HS256, and the secret is the PEM of the public key'
duplicate-member\t'a claim is present twice, with two values'
padded-base64\t'the segments are padded with ='
non-canonical-base64\t'the last character of a segment has unused bits set'
crit\t'crit names an unknown extension'
not-json\t'the payload is truncated JSON'
array-payload\t'the payload is an array'
deep-json\t'a claim nests 256 arrays'
jwe-shaped\t'five segments, as in an encrypted token'
control-characters\t'a string of the payload holds a raw control character'
jwe-tampered-tag\t'encrypted, and the authentication tag was changed'
jwe-tampered-header\t'a header parameter was added after encryption'
jwe-unsigned\t'the claims are encrypted, but not signed'
jwe-wrong-key\t'encrypted for another key of the same type'
jwe-zip-bomb\t'the encrypted content grows more than tenfold when it is decompressed'
jwe-p2c-huge\t'p2c demands two billion iterations of PBES2'
jwe-invalid-curve\t'the ephemeral key is not a point on its curve'
missing-CLAIM\t'that claim is left out'
wrong-type-CLAIM\t'that claim has another JSON type'
all\t'all flaws that the token can have, with --suite'"
complete -c fob -n "__fish_fob_using_subcommand sign" -l suite -d 'Write a suite for `fob test`: the valid token and the flawed ones' -r -F
complete -c fob -n "__fish_fob_using_subcommand sign" -l seed -d 'Derive all random values from this number, for reproducible tests' -r
complete -c fob -n "__fish_fob_using_subcommand sign" -l threads -d 'Use this many threads [default: the number of processors]' -r
complete -c fob -n "__fish_fob_using_subcommand sign" -l lines -d 'Read one input a line, from a file or standard input' -r -F
complete -c fob -n "__fish_fob_using_subcommand sign" -l kid -d 'The ID of the key, for the header; chooses one of a set' -r
complete -c fob -n "__fish_fob_using_subcommand sign" -s k -l key -d 'A private key: a path, or - for standard input' -r -F
complete -c fob -n "__fish_fob_using_subcommand sign" -s j -l json -d 'Print JSON, also for errors'
complete -c fob -n "__fish_fob_using_subcommand sign" -s q -l quiet -d 'Print only results, without reports, warnings and hints'
complete -c fob -n "__fish_fob_using_subcommand sign" -l no-iat -d 'Do not add iat, the time of issue'
complete -c fob -n "__fish_fob_using_subcommand sign" -l verbatim -d 'Sign the bytes of PAYLOAD, or of each line of --lines, unchanged'
complete -c fob -n "__fish_fob_using_subcommand sign" -l detached -d 'Leave the payload out of the token (RFC 7515 appendix F)'
complete -c fob -n "__fish_fob_using_subcommand sign" -l no-b64 -d 'Do not encode the payload (RFC 7797): the header gets b64 false, and crit'
complete -c fob -n "__fish_fob_using_subcommand sign" -l no-typ -d 'Omit the type'
complete -c fob -n "__fish_fob_using_subcommand sign" -l unsigned -d 'Encrypt the claims without a signature'
complete -c fob -n "__fish_fob_using_subcommand sign" -l null -d 'End lines with a NUL byte instead of a line break'
complete -c fob -n "__fish_fob_using_subcommand sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fob -n "__fish_fob_using_subcommand mint" -l color -d 'Choose when to use colour' -r -f -a "auto\t'Terminals, unless the environment says otherwise'
always\t'All streams'
never\t'No stream'"
complete -c fob -n "__fish_fob_using_subcommand mint" -l at -d 'Use this time instead of the clock, such as 2026-01-31 or -3d' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand mint" -l tz -d 'Show dates in this zone: utc, local, +02:00' -r -f -a "utc\t''
local\t''
+00:00\t''
+01:00\t''
+02:00\t''
+03:00\t''
+05:30\t''
+08:00\t''
+09:00\t''
-03:00\t''
-05:00\t''
-08:00\t''"
complete -c fob -n "__fish_fob_using_subcommand mint" -s c -l claim -d 'A claim: name=text for a string, name:=json for any type' -r
complete -c fob -n "__fish_fob_using_subcommand mint" -l iss -d 'iss, the issuer' -r
complete -c fob -n "__fish_fob_using_subcommand mint" -l sub -d 'sub, the subject' -r
complete -c fob -n "__fish_fob_using_subcommand mint" -l aud -d 'aud, an audience; repeated, an array of them' -r
complete -c fob -n "__fish_fob_using_subcommand mint" -l exp -d 'exp, the expiration: 15m after iat, +15m from now, or a date' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand mint" -l nbf -d 'nbf, the time before which the token is not valid' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand mint" -l iat -d 'iat, the time of issue [default: now]' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand mint" -l jti -d 'jti, the ID of the token; without a value, 128 random bits' -r
complete -c fob -n "__fish_fob_using_subcommand mint" -l payload -d 'Sign these bytes unchanged: @PATH, - for standard input, or the text itself' -r
complete -c fob -n "__fish_fob_using_subcommand mint" -l alg -d 'The algorithm [default: that of the key; HS256 for a secret]' -r -f -a "HS256\t''
HS384\t''
HS512\t''
RS256\t''
RS384\t''
RS512\t''
PS256\t''
PS384\t''
PS512\t''
ES256\t''
ES384\t''
ES512\t''
ES256K\t''
EdDSA\t''
Ed25519\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''"
complete -c fob -n "__fish_fob_using_subcommand mint" -l typ -d 'The type of the token [default: JWT]' -r
complete -c fob -n "__fish_fob_using_subcommand mint" -l header -d 'Another header parameter' -r
complete -c fob -n "__fish_fob_using_subcommand mint" -l secret-env -d 'Read the secret from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand mint" -l secret-file -d 'Read the secret from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand mint" -s s -l secret -d 'The secret itself, or - for standard input' -r
complete -c fob -n "__fish_fob_using_subcommand mint" -l secret-format -d 'The encoding of the secret [default: text]' -r -f -a "text\t''
base64\t''
base64url\t''
hex\t''
raw\t''"
complete -c fob -n "__fish_fob_using_subcommand mint" -l kid-claim -d 'Choose the key of a set by this claim instead of the kid, for one secret per user' -r
complete -c fob -n "__fish_fob_using_subcommand mint" -l key-password-env -d 'Read the password of an encrypted key from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand mint" -l key-password-file -d 'Read the password of an encrypted key from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand mint" -l encrypt-for -d 'Encrypt the token for this key: a path, a URL, or -' -r -F
complete -c fob -n "__fish_fob_using_subcommand mint" -l encrypt-secret-env -d 'Read a shared key to encrypt with from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand mint" -l encrypt-secret-file -d 'Read a shared key to encrypt with from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand mint" -l encrypt-secret-format -d 'The encoding of the shared key [default: text]' -r -f -a "text\t''
base64\t''
base64url\t''
hex\t''
raw\t''"
complete -c fob -n "__fish_fob_using_subcommand mint" -l encrypt-alg -d 'The key management algorithm [default: by the type of the key]' -r -f -a "dir\t''
A128KW\t''
A192KW\t''
A256KW\t''
A128GCMKW\t''
A192GCMKW\t''
A256GCMKW\t''
RSA-OAEP\t''
RSA-OAEP-256\t''
RSA-OAEP-384\t''
RSA-OAEP-512\t''
ECDH-ES\t''
ECDH-ES+A128KW\t''
ECDH-ES+A192KW\t''
ECDH-ES+A256KW\t''
PBES2-HS256+A128KW\t''
PBES2-HS384+A192KW\t''
PBES2-HS512+A256KW\t''"
complete -c fob -n "__fish_fob_using_subcommand mint" -l enc -d 'The content encryption algorithm [default: A256GCM, or by the size of a shared key]' -r -f -a "A128CBC-HS256\t''
A192CBC-HS384\t''
A256CBC-HS512\t''
A128GCM\t''
A192GCM\t''
A256GCM\t''"
complete -c fob -n "__fish_fob_using_subcommand mint" -l encrypt-kid -d 'The ID of the encryption key: chooses a key of a set, and becomes the kid of the encrypted token' -r
complete -c fob -n "__fish_fob_using_subcommand mint" -l format -d 'The format [default: token]' -r -f -a "token\t'The token alone'
json\t'A JSON object with the token, its header and its payload'
header\t'The Authorization header of an HTTP request'
env\t'An assignment for a shell: FOB_TOKEN'"
complete -c fob -n "__fish_fob_using_subcommand mint" -l serialization -d 'The serialization: compact, or a JSON object [default: compact]' -r -f -a "compact\t''
flattened\t''
general\t''"
complete -c fob -n "__fish_fob_using_subcommand mint" -l flaw -d 'Mint a token with exactly one defect, to test a verifier' -r -f -a "expired\t'exp was an hour ago'
not-yet-valid\t'nbf is in an hour'
issued-in-future\t'iat is in an hour'
wrong-key\t'signed with another key of the same type'
tampered-payload\t'a claim was changed after signing'
tampered-header\t'a header parameter was added after signing'
truncated-signature\t'the signature lacks its last byte'
empty-signature\t'the signature is empty'
alg-none\t'alg is none, and there is no signature'
alg-unknown\t'alg names no known algorithm'
hmac-with-public-key\t'alg is HS256, and the secret is the PEM of the public key'
duplicate-member\t'a claim is present twice, with two values'
padded-base64\t'the segments are padded with ='
non-canonical-base64\t'the last character of a segment has unused bits set'
crit\t'crit names an unknown extension'
not-json\t'the payload is truncated JSON'
array-payload\t'the payload is an array'
deep-json\t'a claim nests 256 arrays'
jwe-shaped\t'five segments, as in an encrypted token'
control-characters\t'a string of the payload holds a raw control character'
jwe-tampered-tag\t'encrypted, and the authentication tag was changed'
jwe-tampered-header\t'a header parameter was added after encryption'
jwe-unsigned\t'the claims are encrypted, but not signed'
jwe-wrong-key\t'encrypted for another key of the same type'
jwe-zip-bomb\t'the encrypted content grows more than tenfold when it is decompressed'
jwe-p2c-huge\t'p2c demands two billion iterations of PBES2'
jwe-invalid-curve\t'the ephemeral key is not a point on its curve'
missing-CLAIM\t'that claim is left out'
wrong-type-CLAIM\t'that claim has another JSON type'
all\t'all flaws that the token can have, with --suite'"
complete -c fob -n "__fish_fob_using_subcommand mint" -l suite -d 'Write a suite for `fob test`: the valid token and the flawed ones' -r -F
complete -c fob -n "__fish_fob_using_subcommand mint" -l seed -d 'Derive all random values from this number, for reproducible tests' -r
complete -c fob -n "__fish_fob_using_subcommand mint" -l threads -d 'Use this many threads [default: the number of processors]' -r
complete -c fob -n "__fish_fob_using_subcommand mint" -l lines -d 'Read one input a line, from a file or standard input' -r -F
complete -c fob -n "__fish_fob_using_subcommand mint" -l kid -d 'The ID of the key, for the header; chooses one of a set' -r
complete -c fob -n "__fish_fob_using_subcommand mint" -s k -l key -d 'A private key: a path, or - for standard input' -r -F
complete -c fob -n "__fish_fob_using_subcommand mint" -s j -l json -d 'Print JSON, also for errors'
complete -c fob -n "__fish_fob_using_subcommand mint" -s q -l quiet -d 'Print only results, without reports, warnings and hints'
complete -c fob -n "__fish_fob_using_subcommand mint" -l no-iat -d 'Do not add iat, the time of issue'
complete -c fob -n "__fish_fob_using_subcommand mint" -l verbatim -d 'Sign the bytes of PAYLOAD, or of each line of --lines, unchanged'
complete -c fob -n "__fish_fob_using_subcommand mint" -l detached -d 'Leave the payload out of the token (RFC 7515 appendix F)'
complete -c fob -n "__fish_fob_using_subcommand mint" -l no-b64 -d 'Do not encode the payload (RFC 7797): the header gets b64 false, and crit'
complete -c fob -n "__fish_fob_using_subcommand mint" -l no-typ -d 'Omit the type'
complete -c fob -n "__fish_fob_using_subcommand mint" -l unsigned -d 'Encrypt the claims without a signature'
complete -c fob -n "__fish_fob_using_subcommand mint" -l null -d 'End lines with a NUL byte instead of a line break'
complete -c fob -n "__fish_fob_using_subcommand mint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fob -n "__fish_fob_using_subcommand decode" -l color -d 'Choose when to use colour' -r -f -a "auto\t'Terminals, unless the environment says otherwise'
always\t'All streams'
never\t'No stream'"
complete -c fob -n "__fish_fob_using_subcommand decode" -l at -d 'Use this time instead of the clock, such as 2026-01-31 or -3d' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand decode" -l tz -d 'Show dates in this zone: utc, local, +02:00' -r -f -a "utc\t''
local\t''
+00:00\t''
+01:00\t''
+02:00\t''
+03:00\t''
+05:30\t''
+08:00\t''
+09:00\t''
-03:00\t''
-05:00\t''
-08:00\t''"
complete -c fob -n "__fish_fob_using_subcommand decode" -l part -d 'Print only one segment, decoded, or the token itself' -r -f -a "header\t'The JOSE header'
payload\t'The payload'
signature\t'The signature'
token\t'The token itself, without the text around it; it can be opaque'"
complete -c fob -n "__fish_fob_using_subcommand decode" -l claim -d 'Print only this claim: a name, or a JSON Pointer such as /a/0' -r
complete -c fob -n "__fish_fob_using_subcommand decode" -l pick -d 'Choose one of several tokens by its name or its number' -r -f -a "access\t''
refresh\t''
id\t''"
complete -c fob -n "__fish_fob_using_subcommand decode" -l max-size -d 'Refuse tokens larger than this [default: 1M]' -r
complete -c fob -n "__fish_fob_using_subcommand decode" -l decrypt-key -d 'Decrypt tokens with this key: a path, or -; may repeat' -r -F
complete -c fob -n "__fish_fob_using_subcommand decode" -l decrypt-secret-env -d 'Read a shared key or a password to decrypt with from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand decode" -l decrypt-secret-file -d 'Read a shared key or a password to decrypt with from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand decode" -l decrypt-secret-format -d 'The encoding of the shared key [default: text]' -r -f -a "text\t''
base64\t''
base64url\t''
hex\t''
raw\t''"
complete -c fob -n "__fish_fob_using_subcommand decode" -l decrypt-alg -d 'Decrypt only tokens with this key management algorithm; may repeat' -r -f -a "dir\t''
A128KW\t''
A192KW\t''
A256KW\t''
A128GCMKW\t''
A192GCMKW\t''
A256GCMKW\t''
RSA-OAEP\t''
RSA-OAEP-256\t''
RSA-OAEP-384\t''
RSA-OAEP-512\t''
RSA1_5\t''
ECDH-ES\t''
ECDH-ES+A128KW\t''
ECDH-ES+A192KW\t''
ECDH-ES+A256KW\t''
PBES2-HS256+A128KW\t''
PBES2-HS384+A192KW\t''
PBES2-HS512+A256KW\t''"
complete -c fob -n "__fish_fob_using_subcommand decode" -l key-password-env -d 'Read the password of an encrypted key from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand decode" -l key-password-file -d 'Read the password of an encrypted key from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand decode" -l secret-env -d 'Decrypt a session cookie of Auth.js or NextAuth.js with the secret in this environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand decode" -l secret-file -d 'Decrypt a session cookie of Auth.js or NextAuth.js with the secret in this file' -r -F
complete -c fob -n "__fish_fob_using_subcommand decode" -l cookie -d 'The name of the session cookie of Auth.js or NextAuth.js, if it is not one of the usual names' -r
complete -c fob -n "__fish_fob_using_subcommand decode" -l lines -d 'Read one input a line, from a file or standard input' -r -F
complete -c fob -n "__fish_fob_using_subcommand decode" -l threads -d 'Use this many threads [default: the number of processors]' -r
complete -c fob -n "__fish_fob_using_subcommand decode" -s j -l json -d 'Print JSON, also for errors'
complete -c fob -n "__fish_fob_using_subcommand decode" -s q -l quiet -d 'Print only results, without reports, warnings and hints'
complete -c fob -n "__fish_fob_using_subcommand decode" -l join -d 'Remove line breaks, spaces and invisible characters inside the token'
complete -c fob -n "__fish_fob_using_subcommand decode" -l null -d 'End lines with a NUL byte instead of a line break'
complete -c fob -n "__fish_fob_using_subcommand decode" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fob -n "__fish_fob_using_subcommand verify" -l color -d 'Choose when to use colour' -r -f -a "auto\t'Terminals, unless the environment says otherwise'
always\t'All streams'
never\t'No stream'"
complete -c fob -n "__fish_fob_using_subcommand verify" -l at -d 'Use this time instead of the clock, such as 2026-01-31 or -3d' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand verify" -l tz -d 'Show dates in this zone: utc, local, +02:00' -r -f -a "utc\t''
local\t''
+00:00\t''
+01:00\t''
+02:00\t''
+03:00\t''
+05:30\t''
+08:00\t''
+09:00\t''
-03:00\t''
-05:00\t''
-08:00\t''"
complete -c fob -n "__fish_fob_using_subcommand verify" -l expect -d 'Succeed on this outcome: accepted, rejected or reason codes' -r -f -a "accepted\t''
rejected\t''
malformed\t''
jwe\t''
detached\t''
alg_none\t''
alg_unsupported\t''
alg_not_allowed\t''
key_mismatch\t''
key_not_found\t''
key_weak\t''
key_empty\t''
crit_unsupported\t''
decrypt_failed\t''
not_signed\t''
bad_signature\t''
sd_alg_unsupported\t''
bad_disclosure\t''
bad_key_binding\t''
claim_missing\t''
claim_type\t''
implausible_time\t''
expired\t''
not_yet_valid\t''
issued_in_future\t''
too_old\t''
wrong_issuer\t''
wrong_audience\t''
wrong_subject\t''
wrong_id\t''
wrong_typ\t''
wrong_token_type\t''
wrong_claim\t''
revoked\t''
reused\t''
too_soon\t''
unknown_token\t''
malformed:charset\t''
malformed:segments\t''
malformed:base64\t''
malformed:header_json\t''
malformed:payload_json\t''
malformed:payload_utf8\t''
malformed:payload_not_object\t''
malformed:serialization\t''
malformed:duplicate_member\t''
malformed:alg\t''
malformed:kid\t''
malformed:enc\t''
malformed:zip\t''
malformed:typ\t''
malformed:cty\t''
malformed:jku\t''
malformed:jwk\t''
malformed:x5u\t''
malformed:x5c\t''
malformed:x5t\t''
malformed:x5t#S256\t''
malformed:epk\t''
malformed:apu\t''
malformed:apv\t''
malformed:p2s\t''
malformed:p2c\t''
malformed:iv\t''
malformed:tag\t''
malformed:crit\t''
malformed:b64\t''
malformed:too_deep\t''
malformed:too_large\t''
key_mismatch:kty\t''
key_mismatch:alg\t''
key_mismatch:use\t''
key_mismatch:key_ops\t''
key_mismatch:crv\t''
key_weak:hmac_too_short\t''
key_weak:rsa_too_small\t''
key_weak:rsa_exponent\t''
key_weak:certificate_expired\t''
key_weak:certificate_not_yet_valid\t''
bad_disclosure:form\t''
bad_disclosure:name\t''
bad_disclosure:claim_exists\t''
bad_disclosure:digests\t''
bad_disclosure:repeated\t''
bad_disclosure:unreferenced\t''
bad_disclosure:too_many\t''
bad_disclosure:too_deep\t''
bad_key_binding:missing\t''
bad_key_binding:form\t''
bad_key_binding:typ\t''
bad_key_binding:cnf\t''
bad_key_binding:alg\t''
bad_key_binding:signature\t''
bad_key_binding:sd_hash\t''
bad_key_binding:time\t''
bad_key_binding:nonce\t''
bad_key_binding:aud\t''"
complete -c fob -n "__fish_fob_using_subcommand verify" -l get -d 'Print only this claim of an accepted token' -r -f -a "iss\t''
sub\t''
aud\t''
exp\t''
nbf\t''
iat\t''
jti\t''"
complete -c fob -n "__fish_fob_using_subcommand verify" -l alg -d 'Allow this algorithm; may repeat [default: the algorithms of the key]' -r -f -a "HS256\t''
HS384\t''
HS512\t''
RS256\t''
RS384\t''
RS512\t''
PS256\t''
PS384\t''
PS512\t''
ES256\t''
ES384\t''
ES512\t''
ES256K\t''
EdDSA\t''
Ed25519\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''"
complete -c fob -n "__fish_fob_using_subcommand verify" -l iss -d 'Require this iss; repeated, any of them' -r
complete -c fob -n "__fish_fob_using_subcommand verify" -l aud -d 'Require this in aud; repeated, any of them' -r
complete -c fob -n "__fish_fob_using_subcommand verify" -l sub -d 'Require this sub' -r
complete -c fob -n "__fish_fob_using_subcommand verify" -l jti -d 'Require this jti' -r
complete -c fob -n "__fish_fob_using_subcommand verify" -l typ -d 'Require this media type in the header parameter typ' -r
complete -c fob -n "__fish_fob_using_subcommand verify" -s c -l claim -d 'Require this claim with this value: name=text or name:=json' -r
complete -c fob -n "__fish_fob_using_subcommand verify" -l require -d 'Require this claim; may repeat' -r -f -a "iss\t''
sub\t''
aud\t''
exp\t''
nbf\t''
iat\t''
jti\t''"
complete -c fob -n "__fish_fob_using_subcommand verify" -l max-age -d 'Reject tokens issued longer ago than this' -r -f -a "30s\t''
1m\t''
5m\t''
15m\t''
1h\t''
1d\t''
14d\t''"
complete -c fob -n "__fish_fob_using_subcommand verify" -l leeway -d 'Allow this difference between clocks [default: 0]' -r -f -a "30s\t''
1m\t''
5m\t''
15m\t''
1h\t''
1d\t''
14d\t''"
complete -c fob -n "__fish_fob_using_subcommand verify" -l token-type -d 'Require this kind of token: access, refresh, …' -r -f -a "access\t''
refresh\t''"
complete -c fob -n "__fish_fob_using_subcommand verify" -l signatures -d 'Require all signatures of a token in JSON serialization to be accepted, or any one [default: all]' -r -f -a "all\t''
any\t''"
complete -c fob -n "__fish_fob_using_subcommand verify" -l holder-nonce -d 'Require an SD-JWT whose key binding JWT has this nonce' -r
complete -c fob -n "__fish_fob_using_subcommand verify" -l holder-aud -d 'Require an SD-JWT whose key binding JWT has this aud; repeated, any of them' -r
complete -c fob -n "__fish_fob_using_subcommand verify" -l holder-max-age -d 'Require an SD-JWT whose key binding JWT was signed no longer ago than this' -r -f -a "30s\t''
1m\t''
5m\t''
15m\t''
1h\t''
1d\t''
14d\t''"
complete -c fob -n "__fish_fob_using_subcommand verify" -l store -d 'Check and update this store of used and revoked tokens' -r -F
complete -c fob -n "__fish_fob_using_subcommand verify" -l secret-env -d 'Read the secret from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand verify" -l secret-file -d 'Read the secret from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand verify" -s s -l secret -d 'The secret itself, or - for standard input' -r
complete -c fob -n "__fish_fob_using_subcommand verify" -l secret-format -d 'The encoding of the secret [default: text]' -r -f -a "text\t''
base64\t''
base64url\t''
hex\t''
raw\t''"
complete -c fob -n "__fish_fob_using_subcommand verify" -l kid -d 'Choose the key with this ID from a set' -r
complete -c fob -n "__fish_fob_using_subcommand verify" -l kid-claim -d 'Choose the key of a set by this claim instead of the kid, for one secret per user' -r
complete -c fob -n "__fish_fob_using_subcommand verify" -l key-password-env -d 'Read the password of an encrypted key from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand verify" -l key-password-file -d 'Read the password of an encrypted key from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand verify" -l issuer-keys -d 'Fetch the keys that this issuer publishes, and require its iss' -r
complete -c fob -n "__fish_fob_using_subcommand verify" -l cache -d 'Keep fetched keys in this folder' -r -f -a "(__fish_complete_directories)"
complete -c fob -n "__fish_fob_using_subcommand verify" -l decrypt-key -d 'Decrypt tokens with this key: a path, or -; may repeat' -r -F
complete -c fob -n "__fish_fob_using_subcommand verify" -l decrypt-secret-env -d 'Read a shared key or a password to decrypt with from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand verify" -l decrypt-secret-file -d 'Read a shared key or a password to decrypt with from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand verify" -l decrypt-secret-format -d 'The encoding of the shared key [default: text]' -r -f -a "text\t''
base64\t''
base64url\t''
hex\t''
raw\t''"
complete -c fob -n "__fish_fob_using_subcommand verify" -l decrypt-alg -d 'Decrypt only tokens with this key management algorithm; may repeat' -r -f -a "dir\t''
A128KW\t''
A192KW\t''
A256KW\t''
A128GCMKW\t''
A192GCMKW\t''
A256GCMKW\t''
RSA-OAEP\t''
RSA-OAEP-256\t''
RSA-OAEP-384\t''
RSA-OAEP-512\t''
RSA1_5\t''
ECDH-ES\t''
ECDH-ES+A128KW\t''
ECDH-ES+A192KW\t''
ECDH-ES+A256KW\t''
PBES2-HS256+A128KW\t''
PBES2-HS384+A192KW\t''
PBES2-HS512+A256KW\t''"
complete -c fob -n "__fish_fob_using_subcommand verify" -l cookie -d 'The name of the session cookie of Auth.js or NextAuth.js, if it is not one of the usual names' -r
complete -c fob -n "__fish_fob_using_subcommand verify" -l pick -d 'Choose one of several tokens by its name or its number' -r -f -a "access\t''
refresh\t''
id\t''"
complete -c fob -n "__fish_fob_using_subcommand verify" -l max-size -d 'Refuse tokens larger than this [default: 1M]' -r
complete -c fob -n "__fish_fob_using_subcommand verify" -l payload -d 'The payload of a token that does not hold it: @PATH, - for standard input, or the text itself' -r
complete -c fob -n "__fish_fob_using_subcommand verify" -l lines -d 'Read one input a line, from a file or standard input' -r -F
complete -c fob -n "__fish_fob_using_subcommand verify" -l threads -d 'Use this many threads [default: the number of processors]' -r
complete -c fob -n "__fish_fob_using_subcommand verify" -l print -d 'Print only the accepted lines, or only the rejected lines, unchanged' -r -f -a "accepted\t'Tokens that pass every check'
rejected\t'All other tokens, including malformed ones'"
complete -c fob -n "__fish_fob_using_subcommand verify" -l filter -d 'Run only the cases whose name contains this text; may repeat' -r
complete -c fob -n "__fish_fob_using_subcommand verify" -l allow -d 'Allow the suites more than their own files: network, store or paths; may repeat' -r -f -a "network\t''
store\t''
paths\t''"
complete -c fob -n "__fish_fob_using_subcommand verify" -l report -d 'Write a report: junit, tap, json, github, sarif, markdown or html' -r -f -a "junit=\t''
tap=\t''
json=\t''
github=\t''
sarif=\t''
markdown=\t''
html=\t''"
complete -c fob -n "__fish_fob_using_subcommand verify" -s k -l key -d 'A key: a path, a URL, or - for standard input; may repeat' -r -F
complete -c fob -n "__fish_fob_using_subcommand verify" -l suite -d 'Run a suite: tokens with their expected outcomes; may repeat' -r -F
complete -c fob -n "__fish_fob_using_subcommand verify" -s j -l json -d 'Print JSON, also for errors'
complete -c fob -n "__fish_fob_using_subcommand verify" -s q -l quiet -d 'Print only results, without reports, warnings and hints'
complete -c fob -n "__fish_fob_using_subcommand verify" -s v -l verbose -d 'Show the header and the payload, too'
complete -c fob -n "__fish_fob_using_subcommand verify" -l strict -d 'Reject weak keys, a missing exp, and an unchecked aud or iss'
complete -c fob -n "__fish_fob_using_subcommand verify" -l ignore-exp -d 'Skip the comparison of exp with the clock'
complete -c fob -n "__fish_fob_using_subcommand verify" -l allow-padding -d 'Accept segments with `=` padding, as load balancers of AWS write them'
complete -c fob -n "__fish_fob_using_subcommand verify" -l accept-shared-key -d 'Accept claims that are encrypted with a shared key, but not signed'
complete -c fob -n "__fish_fob_using_subcommand verify" -l once -d 'Accept each token only once; needs --store'
complete -c fob -n "__fish_fob_using_subcommand verify" -l offline -d 'Use only the keys in the folder of --cache, however old'
complete -c fob -n "__fish_fob_using_subcommand verify" -l join -d 'Remove line breaks, spaces and invisible characters inside the token'
complete -c fob -n "__fish_fob_using_subcommand verify" -l null -d 'End lines with a NUL byte instead of a line break'
complete -c fob -n "__fish_fob_using_subcommand verify" -l fail-fast -d 'Stop at the first case without the expected outcome'
complete -c fob -n "__fish_fob_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fob -n "__fish_fob_using_subcommand test" -l color -d 'Choose when to use colour' -r -f -a "auto\t'Terminals, unless the environment says otherwise'
always\t'All streams'
never\t'No stream'"
complete -c fob -n "__fish_fob_using_subcommand test" -l at -d 'Use this time instead of the clock, such as 2026-01-31 or -3d' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand test" -l tz -d 'Show dates in this zone: utc, local, +02:00' -r -f -a "utc\t''
local\t''
+00:00\t''
+01:00\t''
+02:00\t''
+03:00\t''
+05:30\t''
+08:00\t''
+09:00\t''
-03:00\t''
-05:00\t''
-08:00\t''"
complete -c fob -n "__fish_fob_using_subcommand test" -l filter -d 'Run only the cases whose name contains this text; may repeat' -r
complete -c fob -n "__fish_fob_using_subcommand test" -l allow -d 'Allow the suites more than their own files: network, store or paths; may repeat' -r -f -a "network\t''
store\t''
paths\t''"
complete -c fob -n "__fish_fob_using_subcommand test" -l report -d 'Write a report: junit, tap, json, github, sarif, markdown or html' -r -f -a "junit=\t''
tap=\t''
json=\t''
github=\t''
sarif=\t''
markdown=\t''
html=\t''"
complete -c fob -n "__fish_fob_using_subcommand test" -s j -l json -d 'Print JSON, also for errors'
complete -c fob -n "__fish_fob_using_subcommand test" -s q -l quiet -d 'Print only results, without reports, warnings and hints'
complete -c fob -n "__fish_fob_using_subcommand test" -l fail-fast -d 'Stop at the first case without the expected outcome'
complete -c fob -n "__fish_fob_using_subcommand test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fob -n "__fish_fob_using_subcommand pair" -l color -d 'Choose when to use colour' -r -f -a "auto\t'Terminals, unless the environment says otherwise'
always\t'All streams'
never\t'No stream'"
complete -c fob -n "__fish_fob_using_subcommand pair" -l at -d 'Use this time instead of the clock, such as 2026-01-31 or -3d' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand pair" -l tz -d 'Show dates in this zone: utc, local, +02:00' -r -f -a "utc\t''
local\t''
+00:00\t''
+01:00\t''
+02:00\t''
+03:00\t''
+05:30\t''
+08:00\t''
+09:00\t''
-03:00\t''
-05:00\t''
-08:00\t''"
complete -c fob -n "__fish_fob_using_subcommand pair" -l user-id -d 'The user, as the claim user_id' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l sub -d 'The user, as the claim sub' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l profile -d 'The framework whose tokens are issued [default: simplejwt]' -r -f -a "simplejwt\t'djangorestframework-simplejwt'
simplejwt-sliding\t'sliding tokens of djangorestframework-simplejwt'
drf-jwt\t'drf-jwt, and djangorestframework-jwt with --scheme JWT'
flask-jwt-extended\t'Flask-JWT-Extended'
fastapi-users\t'fastapi-users with bearer tokens'
oauth\t'OAuth 2.0: access tokens of RFC 9068, or any token endpoint'
plain\t'a service without a framework, or one that fob does not know'
dj-rest-auth\t'dj-rest-auth with JWTs, in the answer or in cookies'
allauth\t'django-allauth headless with JWTs, client app'
allauth-session\t'django-allauth headless with session tokens, client app'
flask-jwt-extended-cookie\t'Flask-JWT-Extended with tokens in cookies'
fastapi\t'FastAPI as in its tutorial: a log-in with a form, a refresh with JSON'
fastapi-users-cookie\t'fastapi-users with a cookie'
express\t'Express as developers write it: email, accessToken, refreshToken'
supabase\t'Supabase Auth; send its key with --field-env header:apikey=VAR'
keycloak\t'Keycloak'"
complete -c fob -n "__fish_fob_using_subcommand pair" -l access-ttl -d 'The lifetime of the access token [default: 5m]' -r -f -a "30s\t''
1m\t''
5m\t''
15m\t''
1h\t''
1d\t''
14d\t''"
complete -c fob -n "__fish_fob_using_subcommand pair" -l refresh-ttl -d 'The lifetime of the refresh token [default: 1d]' -r -f -a "30s\t''
1m\t''
5m\t''
15m\t''
1h\t''
1d\t''
14d\t''"
complete -c fob -n "__fish_fob_using_subcommand pair" -l iss -d 'iss, the issuer' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l aud -d 'aud, an audience; repeated, an array of them' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -s c -l claim -d 'A claim of both tokens' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l access-claim -d 'A claim of the access token alone' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l refresh-claim -d 'A claim of the refresh token alone' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l refresh-mark -d 'The claim that marks a refresh token, such as type=refresh or refresh:=true' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l alg -d 'The algorithm [default: that of the key; HS256 for a secret]' -r -f -a "HS256\t''
HS384\t''
HS512\t''
RS256\t''
RS384\t''
RS512\t''
PS256\t''
PS384\t''
PS512\t''
ES256\t''
ES384\t''
ES512\t''
ES256K\t''
EdDSA\t''
Ed25519\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''"
complete -c fob -n "__fish_fob_using_subcommand pair" -l secret-env -d 'Read the secret from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l secret-file -d 'Read the secret from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand pair" -s s -l secret -d 'The secret itself, or - for standard input' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l secret-format -d 'The encoding of the secret [default: text]' -r -f -a "text\t''
base64\t''
base64url\t''
hex\t''
raw\t''"
complete -c fob -n "__fish_fob_using_subcommand pair" -l kid-claim -d 'Choose the key of a set by this claim instead of the kid, for one secret per user' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l key-password-env -d 'Read the password of an encrypted key from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l key-password-file -d 'Read the password of an encrypted key from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand pair" -l encrypt-for -d 'Encrypt the token for this key: a path, a URL, or -' -r -F
complete -c fob -n "__fish_fob_using_subcommand pair" -l encrypt-secret-env -d 'Read a shared key to encrypt with from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l encrypt-secret-file -d 'Read a shared key to encrypt with from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand pair" -l encrypt-secret-format -d 'The encoding of the shared key [default: text]' -r -f -a "text\t''
base64\t''
base64url\t''
hex\t''
raw\t''"
complete -c fob -n "__fish_fob_using_subcommand pair" -l encrypt-alg -d 'The key management algorithm [default: by the type of the key]' -r -f -a "dir\t''
A128KW\t''
A192KW\t''
A256KW\t''
A128GCMKW\t''
A192GCMKW\t''
A256GCMKW\t''
RSA-OAEP\t''
RSA-OAEP-256\t''
RSA-OAEP-384\t''
RSA-OAEP-512\t''
ECDH-ES\t''
ECDH-ES+A128KW\t''
ECDH-ES+A192KW\t''
ECDH-ES+A256KW\t''
PBES2-HS256+A128KW\t''
PBES2-HS384+A192KW\t''
PBES2-HS512+A256KW\t''"
complete -c fob -n "__fish_fob_using_subcommand pair" -l enc -d 'The content encryption algorithm [default: A256GCM, or by the size of a shared key]' -r -f -a "A128CBC-HS256\t''
A192CBC-HS384\t''
A256CBC-HS512\t''
A128GCM\t''
A192GCM\t''
A256GCM\t''"
complete -c fob -n "__fish_fob_using_subcommand pair" -l encrypt-kid -d 'The ID of the encryption key: chooses a key of a set, and becomes the kid of the encrypted token' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l store -d 'Check and update this store of used and revoked tokens' -r -F
complete -c fob -n "__fish_fob_using_subcommand pair" -l from -d 'Get the tokens from this server instead of minting them' -r -f
complete -c fob -n "__fish_fob_using_subcommand pair" -l issuer -d 'Like --from, for the server that this issuer names' -r -f
complete -c fob -n "__fish_fob_using_subcommand pair" -l field -d 'Also send this, such as scope or a one-time password; may repeat' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l field-env -d 'Also send the text of an environment variable, such as header:apikey=ANON_KEY; may repeat' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l client -d 'The identifier of the client' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l client-secret-env -d 'Read the secret of the client from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l client-secret-file -d 'Read the secret of the client from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand pair" -l client-key -d 'Sign an assertion with the key in this file instead of sending a secret (private_key_jwt, RFC 7523)' -r -F
complete -c fob -n "__fish_fob_using_subcommand pair" -l client-auth -d 'Send the secret in the Authorization header or in the form [default: as the issuer says, or else basic]' -r -f -a "basic\t''
form\t''"
complete -c fob -n "__fish_fob_using_subcommand pair" -l body -d 'Send the members of the request in this format' -r -f -a "form\t''
json\t''"
complete -c fob -n "__fish_fob_using_subcommand pair" -l refresh-in -d 'Send the refresh token here: a member, a JSON Pointer, cookie:NAME, header or header:NAME' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l access-at -d 'Take the access token from here in the answer: a member, a JSON Pointer or cookie:NAME' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l refresh-at -d 'Take the refresh token from here in the answer: a member, a JSON Pointer or cookie:NAME' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l csrf -d 'Send the value of this cookie in this header field, if the token is in a cookie' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l refresh-url -d 'Refresh the session at this URL, which can be relative to that of the log-in [default: that of --profile]' -r -f
complete -c fob -n "__fish_fob_using_subcommand pair" -l revoke-url -d 'End the session at this URL, which can be relative to that of the log-in [default: that of --profile]' -r -f
complete -c fob -n "__fish_fob_using_subcommand pair" -l grant -d 'The grant: password, or client-credentials for a token of the client itself [default: password]' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l user -d 'Log in as this user; asks for the password' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l user-field -d 'The member with the user\'s name, such as email or /user/email [default: that of --profile]' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l password-field -d 'The member with the password [default: that of --profile]' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l password-env -d 'Read the password from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l password-file -d 'Read the password from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand pair" -l session -d 'Keep the login in this file, for `fob refresh --session FILE`' -r -F
complete -c fob -n "__fish_fob_using_subcommand pair" -l format -d 'The format [default: text]' -r -f -a "text\t'One line for each token, with its name'
json\t'A JSON object with the members access and refresh'
env\t'Assignments for a shell: FOB_ACCESS and FOB_REFRESH'
header\t'The Authorization header of an HTTP request'
oauth\t'The response of a token endpoint (RFC 6749 section 5.1)'"
complete -c fob -n "__fish_fob_using_subcommand pair" -l scheme -d 'The scheme of --format header, such as Bearer, JWT, Token or DPoP [default: that of the tokens]' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -s k -l key -d 'A private key: a path, or - for standard input' -r -F
complete -c fob -n "__fish_fob_using_subcommand pair" -l kid -d 'The ID of the key, for the header; chooses one of a set' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -l seed -d 'Derive all random values from this number, for reproducible tests' -r
complete -c fob -n "__fish_fob_using_subcommand pair" -s j -l json -d 'Print JSON, also for errors'
complete -c fob -n "__fish_fob_using_subcommand pair" -s q -l quiet -d 'Print only results, without reports, warnings and hints'
complete -c fob -n "__fish_fob_using_subcommand pair" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fob -n "__fish_fob_using_subcommand refresh" -l color -d 'Choose when to use colour' -r -f -a "auto\t'Terminals, unless the environment says otherwise'
always\t'All streams'
never\t'No stream'"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l at -d 'Use this time instead of the clock, such as 2026-01-31 or -3d' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l tz -d 'Show dates in this zone: utc, local, +02:00' -r -f -a "utc\t''
local\t''
+00:00\t''
+01:00\t''
+02:00\t''
+03:00\t''
+05:30\t''
+08:00\t''
+09:00\t''
-03:00\t''
-05:00\t''
-08:00\t''"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l session -d 'Print the access token of this login, and refresh it first if it expires soon' -r -F
complete -c fob -n "__fish_fob_using_subcommand refresh" -l valid-for -d 'Refresh the access token if it expires sooner than this [default: 30s]' -r -f -a "30s\t''
1m\t''
5m\t''
15m\t''
1h\t''
1d\t''
14d\t''"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l profile -d 'The framework of the tokens [default: as the token looks]' -r -f -a "simplejwt\t'djangorestframework-simplejwt'
simplejwt-sliding\t'sliding tokens of djangorestframework-simplejwt'
drf-jwt\t'drf-jwt, and djangorestframework-jwt with --scheme JWT'
flask-jwt-extended\t'Flask-JWT-Extended'
fastapi-users\t'fastapi-users with bearer tokens'
oauth\t'OAuth 2.0: access tokens of RFC 9068, or any token endpoint'
plain\t'a service without a framework, or one that fob does not know'
dj-rest-auth\t'dj-rest-auth with JWTs, in the answer or in cookies'
allauth\t'django-allauth headless with JWTs, client app'
allauth-session\t'django-allauth headless with session tokens, client app'
flask-jwt-extended-cookie\t'Flask-JWT-Extended with tokens in cookies'
fastapi\t'FastAPI as in its tutorial: a log-in with a form, a refresh with JSON'
fastapi-users-cookie\t'fastapi-users with a cookie'
express\t'Express as developers write it: email, accessToken, refreshToken'
supabase\t'Supabase Auth; send its key with --field-env header:apikey=VAR'
keycloak\t'Keycloak'"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l refresh-mark -d 'The claim that marks a refresh token, such as type=refresh or refresh:=true' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l store -d 'Check and update this store of used and revoked tokens' -r -F
complete -c fob -n "__fish_fob_using_subcommand refresh" -l min-interval -d 'Reject a token whose family was refreshed less than this ago' -r -f -a "30s\t''
1m\t''
5m\t''
15m\t''
1h\t''
1d\t''
14d\t''"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l access-ttl -d 'The lifetime of the access token [default: 5m]' -r -f -a "30s\t''
1m\t''
5m\t''
15m\t''
1h\t''
1d\t''
14d\t''"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l refresh-ttl -d 'The lifetime of the refresh token [default: 1d]' -r -f -a "30s\t''
1m\t''
5m\t''
15m\t''
1h\t''
1d\t''
14d\t''"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l alg -d 'Allow this algorithm; may repeat [default: the algorithms of the key]' -r -f -a "HS256\t''
HS384\t''
HS512\t''
RS256\t''
RS384\t''
RS512\t''
PS256\t''
PS384\t''
PS512\t''
ES256\t''
ES384\t''
ES512\t''
ES256K\t''
EdDSA\t''
Ed25519\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l iss -d 'Require this iss; repeated, any of them' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l aud -d 'Require this in aud; repeated, any of them' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l sub -d 'Require this sub' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l jti -d 'Require this jti' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l typ -d 'Require this media type in the header parameter typ' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -s c -l claim -d 'Require this claim with this value: name=text or name:=json' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l require -d 'Require this claim; may repeat' -r -f -a "iss\t''
sub\t''
aud\t''
exp\t''
nbf\t''
iat\t''
jti\t''"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l max-age -d 'Reject tokens issued longer ago than this' -r -f -a "30s\t''
1m\t''
5m\t''
15m\t''
1h\t''
1d\t''
14d\t''"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l leeway -d 'Allow this difference between clocks [default: 0]' -r -f -a "30s\t''
1m\t''
5m\t''
15m\t''
1h\t''
1d\t''
14d\t''"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l secret-env -d 'Read the secret from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l secret-file -d 'Read the secret from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand refresh" -s s -l secret -d 'The secret itself, or - for standard input' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l secret-format -d 'The encoding of the secret [default: text]' -r -f -a "text\t''
base64\t''
base64url\t''
hex\t''
raw\t''"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l kid-claim -d 'Choose the key of a set by this claim instead of the kid, for one secret per user' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l key-password-env -d 'Read the password of an encrypted key from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l key-password-file -d 'Read the password of an encrypted key from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand refresh" -l decrypt-key -d 'Decrypt tokens with this key: a path, or -; may repeat' -r -F
complete -c fob -n "__fish_fob_using_subcommand refresh" -l decrypt-secret-env -d 'Read a shared key or a password to decrypt with from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l decrypt-secret-file -d 'Read a shared key or a password to decrypt with from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand refresh" -l decrypt-secret-format -d 'The encoding of the shared key [default: text]' -r -f -a "text\t''
base64\t''
base64url\t''
hex\t''
raw\t''"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l decrypt-alg -d 'Decrypt only tokens with this key management algorithm; may repeat' -r -f -a "dir\t''
A128KW\t''
A192KW\t''
A256KW\t''
A128GCMKW\t''
A192GCMKW\t''
A256GCMKW\t''
RSA-OAEP\t''
RSA-OAEP-256\t''
RSA-OAEP-384\t''
RSA-OAEP-512\t''
RSA1_5\t''
ECDH-ES\t''
ECDH-ES+A128KW\t''
ECDH-ES+A192KW\t''
ECDH-ES+A256KW\t''
PBES2-HS256+A128KW\t''
PBES2-HS384+A192KW\t''
PBES2-HS512+A256KW\t''"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l encrypt-for -d 'Encrypt the token for this key: a path, a URL, or -' -r -F
complete -c fob -n "__fish_fob_using_subcommand refresh" -l encrypt-secret-env -d 'Read a shared key to encrypt with from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l encrypt-secret-file -d 'Read a shared key to encrypt with from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand refresh" -l encrypt-secret-format -d 'The encoding of the shared key [default: text]' -r -f -a "text\t''
base64\t''
base64url\t''
hex\t''
raw\t''"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l encrypt-alg -d 'The key management algorithm [default: by the type of the key]' -r -f -a "dir\t''
A128KW\t''
A192KW\t''
A256KW\t''
A128GCMKW\t''
A192GCMKW\t''
A256GCMKW\t''
RSA-OAEP\t''
RSA-OAEP-256\t''
RSA-OAEP-384\t''
RSA-OAEP-512\t''
ECDH-ES\t''
ECDH-ES+A128KW\t''
ECDH-ES+A192KW\t''
ECDH-ES+A256KW\t''
PBES2-HS256+A128KW\t''
PBES2-HS384+A192KW\t''
PBES2-HS512+A256KW\t''"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l enc -d 'The content encryption algorithm [default: A256GCM, or by the size of a shared key]' -r -f -a "A128CBC-HS256\t''
A192CBC-HS384\t''
A256CBC-HS512\t''
A128GCM\t''
A192GCM\t''
A256GCM\t''"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l encrypt-kid -d 'The ID of the encryption key: chooses a key of a set, and becomes the kid of the encrypted token' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l pick -d 'Choose one of several tokens by its name or its number' -r -f -a "access\t''
refresh\t''
id\t''"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l max-size -d 'Refuse tokens larger than this [default: 1M]' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l from -d 'Get the tokens from this server instead of minting them' -r -f
complete -c fob -n "__fish_fob_using_subcommand refresh" -l issuer -d 'Like --from, for the server that this issuer names' -r -f
complete -c fob -n "__fish_fob_using_subcommand refresh" -l field -d 'Also send this, such as scope or a one-time password; may repeat' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l field-env -d 'Also send the text of an environment variable, such as header:apikey=ANON_KEY; may repeat' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l client -d 'The identifier of the client' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l client-secret-env -d 'Read the secret of the client from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l client-secret-file -d 'Read the secret of the client from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand refresh" -l client-key -d 'Sign an assertion with the key in this file instead of sending a secret (private_key_jwt, RFC 7523)' -r -F
complete -c fob -n "__fish_fob_using_subcommand refresh" -l client-auth -d 'Send the secret in the Authorization header or in the form [default: as the issuer says, or else basic]' -r -f -a "basic\t''
form\t''"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l body -d 'Send the members of the request in this format' -r -f -a "form\t''
json\t''"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l refresh-in -d 'Send the refresh token here: a member, a JSON Pointer, cookie:NAME, header or header:NAME' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l access-at -d 'Take the access token from here in the answer: a member, a JSON Pointer or cookie:NAME' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l refresh-at -d 'Take the refresh token from here in the answer: a member, a JSON Pointer or cookie:NAME' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l csrf -d 'Send the value of this cookie in this header field, if the token is in a cookie' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -l refresh-url -d 'Refresh the session at this URL, which can be relative to that of the log-in [default: that of --profile]' -r -f
complete -c fob -n "__fish_fob_using_subcommand refresh" -l revoke-url -d 'End the session at this URL, which can be relative to that of the log-in [default: that of --profile]' -r -f
complete -c fob -n "__fish_fob_using_subcommand refresh" -l format -d 'The format [default: text]' -r -f -a "text\t'One line for each token, with its name'
json\t'A JSON object with the members access and refresh'
env\t'Assignments for a shell: FOB_ACCESS and FOB_REFRESH'
header\t'The Authorization header of an HTTP request'
oauth\t'The response of a token endpoint (RFC 6749 section 5.1)'"
complete -c fob -n "__fish_fob_using_subcommand refresh" -l scheme -d 'The scheme of --format header, such as Bearer, JWT, Token or DPoP [default: that of the tokens]' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -s k -l key -d 'A private key: a path, or - for standard input' -r -F
complete -c fob -n "__fish_fob_using_subcommand refresh" -l kid -d 'The ID of the key, for the header; chooses one of a set' -r
complete -c fob -n "__fish_fob_using_subcommand refresh" -s j -l json -d 'Print JSON, also for errors'
complete -c fob -n "__fish_fob_using_subcommand refresh" -s q -l quiet -d 'Print only results, without reports, warnings and hints'
complete -c fob -n "__fish_fob_using_subcommand refresh" -l rotate -d 'Mint a new refresh token, too'
complete -c fob -n "__fish_fob_using_subcommand refresh" -l strict -d 'Reject weak keys, a missing exp, and an unchecked aud or iss'
complete -c fob -n "__fish_fob_using_subcommand refresh" -l join -d 'Remove line breaks, spaces and invisible characters inside the token'
complete -c fob -n "__fish_fob_using_subcommand refresh" -s v -l verbose -d 'Show the header and the payload of a token that is not accepted'
complete -c fob -n "__fish_fob_using_subcommand refresh" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fob -n "__fish_fob_using_subcommand inspect" -l color -d 'Choose when to use colour' -r -f -a "auto\t'Terminals, unless the environment says otherwise'
always\t'All streams'
never\t'No stream'"
complete -c fob -n "__fish_fob_using_subcommand inspect" -l at -d 'Use this time instead of the clock, such as 2026-01-31 or -3d' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand inspect" -l tz -d 'Show dates in this zone: utc, local, +02:00' -r -f -a "utc\t''
local\t''
+00:00\t''
+01:00\t''
+02:00\t''
+03:00\t''
+05:30\t''
+08:00\t''
+09:00\t''
-03:00\t''
-05:00\t''
-08:00\t''"
complete -c fob -n "__fish_fob_using_subcommand inspect" -l valid-for -d 'Fail with status 3 unless every token stays valid for this long' -r -f -a "30s\t''
1m\t''
5m\t''
15m\t''
1h\t''
1d\t''
14d\t''"
complete -c fob -n "__fish_fob_using_subcommand inspect" -l require -d 'Fail with status 1 unless every token has this claim; may repeat' -r -f -a "iss\t''
sub\t''
aud\t''
exp\t''
nbf\t''
iat\t''
jti\t''"
complete -c fob -n "__fish_fob_using_subcommand inspect" -l suite -d 'Write a suite for `fob test` instead of a report' -r -F
complete -c fob -n "__fish_fob_using_subcommand inspect" -l secret-env -d 'Read the secret from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand inspect" -l secret-file -d 'Read the secret from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand inspect" -s s -l secret -d 'The secret itself, or - for standard input' -r
complete -c fob -n "__fish_fob_using_subcommand inspect" -l secret-format -d 'The encoding of the secret [default: text]' -r -f -a "text\t''
base64\t''
base64url\t''
hex\t''
raw\t''"
complete -c fob -n "__fish_fob_using_subcommand inspect" -s k -l key -d 'A key: a path, a URL, or - for standard input' -r -F
complete -c fob -n "__fish_fob_using_subcommand inspect" -l kid -d 'Choose the key with this ID from a set' -r
complete -c fob -n "__fish_fob_using_subcommand inspect" -l kid-claim -d 'Choose the key of a set by this claim instead of the kid, for one secret per user' -r
complete -c fob -n "__fish_fob_using_subcommand inspect" -l key-password-env -d 'Read the password of an encrypted key from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand inspect" -l key-password-file -d 'Read the password of an encrypted key from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand inspect" -l issuer-keys -d 'Fetch the keys that this issuer publishes, and require its iss' -r
complete -c fob -n "__fish_fob_using_subcommand inspect" -l cache -d 'Keep fetched keys in this folder' -r -f -a "(__fish_complete_directories)"
complete -c fob -n "__fish_fob_using_subcommand inspect" -l decrypt-key -d 'Decrypt tokens with this key: a path, or -; may repeat' -r -F
complete -c fob -n "__fish_fob_using_subcommand inspect" -l decrypt-secret-env -d 'Read a shared key or a password to decrypt with from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand inspect" -l decrypt-secret-file -d 'Read a shared key or a password to decrypt with from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand inspect" -l decrypt-secret-format -d 'The encoding of the shared key [default: text]' -r -f -a "text\t''
base64\t''
base64url\t''
hex\t''
raw\t''"
complete -c fob -n "__fish_fob_using_subcommand inspect" -l decrypt-alg -d 'Decrypt only tokens with this key management algorithm; may repeat' -r -f -a "dir\t''
A128KW\t''
A192KW\t''
A256KW\t''
A128GCMKW\t''
A192GCMKW\t''
A256GCMKW\t''
RSA-OAEP\t''
RSA-OAEP-256\t''
RSA-OAEP-384\t''
RSA-OAEP-512\t''
RSA1_5\t''
ECDH-ES\t''
ECDH-ES+A128KW\t''
ECDH-ES+A192KW\t''
ECDH-ES+A256KW\t''
PBES2-HS256+A128KW\t''
PBES2-HS384+A192KW\t''
PBES2-HS512+A256KW\t''"
complete -c fob -n "__fish_fob_using_subcommand inspect" -l cookie -d 'The name of the session cookie of Auth.js or NextAuth.js, if it is not one of the usual names' -r
complete -c fob -n "__fish_fob_using_subcommand inspect" -l max-size -d 'Refuse tokens larger than this [default: 1M]' -r
complete -c fob -n "__fish_fob_using_subcommand inspect" -l report -d 'Write a page on all tokens for a browser: html=PATH' -r -f -a "html=\t''"
complete -c fob -n "__fish_fob_using_subcommand inspect" -s j -l json -d 'Print JSON, also for errors'
complete -c fob -n "__fish_fob_using_subcommand inspect" -s q -l quiet -d 'Print only results, without reports, warnings and hints'
complete -c fob -n "__fish_fob_using_subcommand inspect" -l count -d 'Print the number of tokens only'
complete -c fob -n "__fish_fob_using_subcommand inspect" -l oneline -d 'Print one line a token: where, kind, issuer, subject, expiry, findings'
complete -c fob -n "__fish_fob_using_subcommand inspect" -l unique -d 'Report each token once, at its first location'
complete -c fob -n "__fish_fob_using_subcommand inspect" -l redact -d 'Mask personal values and leave out signatures, for sharing'
complete -c fob -n "__fish_fob_using_subcommand inspect" -l keep-claims -d 'Keep tokens unmasked in the suite, with personal values and valid signatures'
complete -c fob -n "__fish_fob_using_subcommand inspect" -l offline -d 'Use only the keys in the folder of --cache, however old'
complete -c fob -n "__fish_fob_using_subcommand inspect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fob -n "__fish_fob_using_subcommand revoke" -l color -d 'Choose when to use colour' -r -f -a "auto\t'Terminals, unless the environment says otherwise'
always\t'All streams'
never\t'No stream'"
complete -c fob -n "__fish_fob_using_subcommand revoke" -l at -d 'Use this time instead of the clock, such as 2026-01-31 or -3d' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand revoke" -l tz -d 'Show dates in this zone: utc, local, +02:00' -r -f -a "utc\t''
local\t''
+00:00\t''
+01:00\t''
+02:00\t''
+03:00\t''
+05:30\t''
+08:00\t''
+09:00\t''
-03:00\t''
-05:00\t''
-08:00\t''"
complete -c fob -n "__fish_fob_using_subcommand revoke" -l store -d 'The store: PATH, sqlite:PATH, redis://HOST… or rediss://HOST…' -r -F
complete -c fob -n "__fish_fob_using_subcommand revoke" -l subject -d 'Revoke everything issued so far to this subject (`sub`, or else `user_id`)' -r
complete -c fob -n "__fish_fob_using_subcommand revoke" -l iss -d 'Revoke only what this issuer issued to the subject' -r
complete -c fob -n "__fish_fob_using_subcommand revoke" -l pick -d 'Choose one of several tokens by its name or its number' -r -f -a "access\t''
refresh\t''
id\t''"
complete -c fob -n "__fish_fob_using_subcommand revoke" -l max-size -d 'Refuse tokens larger than this [default: 1M]' -r
complete -c fob -n "__fish_fob_using_subcommand revoke" -l from -d 'Revoke the token at this server' -r -f
complete -c fob -n "__fish_fob_using_subcommand revoke" -l issuer -d 'Like --from, for the server that this issuer names' -r -f
complete -c fob -n "__fish_fob_using_subcommand revoke" -l field -d 'Also send this, such as scope or a one-time password; may repeat' -r
complete -c fob -n "__fish_fob_using_subcommand revoke" -l field-env -d 'Also send the text of an environment variable, such as header:apikey=ANON_KEY; may repeat' -r
complete -c fob -n "__fish_fob_using_subcommand revoke" -l client -d 'The identifier of the client' -r
complete -c fob -n "__fish_fob_using_subcommand revoke" -l client-secret-env -d 'Read the secret of the client from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand revoke" -l client-secret-file -d 'Read the secret of the client from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand revoke" -l client-key -d 'Sign an assertion with the key in this file instead of sending a secret (private_key_jwt, RFC 7523)' -r -F
complete -c fob -n "__fish_fob_using_subcommand revoke" -l client-auth -d 'Send the secret in the Authorization header or in the form [default: as the issuer says, or else basic]' -r -f -a "basic\t''
form\t''"
complete -c fob -n "__fish_fob_using_subcommand revoke" -l profile -d 'Ask the server of this framework [default: as the token looks; with --issuer, oauth]' -r -f -a "simplejwt\t'djangorestframework-simplejwt'
simplejwt-sliding\t'sliding tokens of djangorestframework-simplejwt'
drf-jwt\t'drf-jwt, and djangorestframework-jwt with --scheme JWT'
flask-jwt-extended\t'Flask-JWT-Extended'
fastapi-users\t'fastapi-users with bearer tokens'
oauth\t'OAuth 2.0: access tokens of RFC 9068, or any token endpoint'
plain\t'a service without a framework, or one that fob does not know'
dj-rest-auth\t'dj-rest-auth with JWTs, in the answer or in cookies'
allauth\t'django-allauth headless with JWTs, client app'
allauth-session\t'django-allauth headless with session tokens, client app'
flask-jwt-extended-cookie\t'Flask-JWT-Extended with tokens in cookies'
fastapi\t'FastAPI as in its tutorial: a log-in with a form, a refresh with JSON'
fastapi-users-cookie\t'fastapi-users with a cookie'
express\t'Express as developers write it: email, accessToken, refreshToken'
supabase\t'Supabase Auth; send its key with --field-env header:apikey=VAR'
keycloak\t'Keycloak'"
complete -c fob -n "__fish_fob_using_subcommand revoke" -l token-in -d 'Send the token here: a member, a JSON Pointer, cookie:NAME, header or header:NAME' -r
complete -c fob -n "__fish_fob_using_subcommand revoke" -l body -d 'Send the members of the request in this format' -r -f -a "form\t''
json\t''"
complete -c fob -n "__fish_fob_using_subcommand revoke" -l csrf -d 'Send the value of this cookie in this header field, if the token is in a cookie' -r
complete -c fob -n "__fish_fob_using_subcommand revoke" -l scheme -d 'The scheme of the Authorization header, if the token is sent there [default: Bearer]' -r
complete -c fob -n "__fish_fob_using_subcommand revoke" -l session -d 'Log out: end the login in this file at its server, and remove the file' -r -F
complete -c fob -n "__fish_fob_using_subcommand revoke" -s j -l json -d 'Print JSON, also for errors'
complete -c fob -n "__fish_fob_using_subcommand revoke" -s q -l quiet -d 'Print only results, without reports, warnings and hints'
complete -c fob -n "__fish_fob_using_subcommand revoke" -l family -d 'Also revoke every token that descends from the same login'
complete -c fob -n "__fish_fob_using_subcommand revoke" -l list -d 'List the content of the store'
complete -c fob -n "__fish_fob_using_subcommand revoke" -l prune -d 'Delete expired records'
complete -c fob -n "__fish_fob_using_subcommand revoke" -l join -d 'Remove line breaks, spaces and invisible characters inside the token'
complete -c fob -n "__fish_fob_using_subcommand revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fob -n "__fish_fob_using_subcommand key; and not __fish_seen_subcommand_from new show" -l color -d 'Choose when to use colour' -r -f -a "auto\t'Terminals, unless the environment says otherwise'
always\t'All streams'
never\t'No stream'"
complete -c fob -n "__fish_fob_using_subcommand key; and not __fish_seen_subcommand_from new show" -l at -d 'Use this time instead of the clock, such as 2026-01-31 or -3d' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand key; and not __fish_seen_subcommand_from new show" -l tz -d 'Show dates in this zone: utc, local, +02:00' -r -f -a "utc\t''
local\t''
+00:00\t''
+01:00\t''
+02:00\t''
+03:00\t''
+05:30\t''
+08:00\t''
+09:00\t''
-03:00\t''
-05:00\t''
-08:00\t''"
complete -c fob -n "__fish_fob_using_subcommand key; and not __fish_seen_subcommand_from new show" -s j -l json -d 'Print JSON, also for errors'
complete -c fob -n "__fish_fob_using_subcommand key; and not __fish_seen_subcommand_from new show" -s q -l quiet -d 'Print only results, without reports, warnings and hints'
complete -c fob -n "__fish_fob_using_subcommand key; and not __fish_seen_subcommand_from new show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fob -n "__fish_fob_using_subcommand key; and not __fish_seen_subcommand_from new show" -f -a "new" -d 'Make a secret or a key'
complete -c fob -n "__fish_fob_using_subcommand key; and not __fish_seen_subcommand_from new show" -f -a "show" -d 'Show, convert or identify a key; private parts only with --private'
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from new" -l alg -d 'The signature or encryption algorithm that the key is for [default: ES256; HS256 with --format secret]' -r -f -a "HS256\t''
HS384\t''
HS512\t''
RS256\t''
RS384\t''
RS512\t''
PS256\t''
PS384\t''
PS512\t''
ES256\t''
ES384\t''
ES512\t''
ES256K\t''
EdDSA\t''
Ed25519\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''
A128KW\t''
A192KW\t''
A256KW\t''
A128GCMKW\t''
A192GCMKW\t''
A256GCMKW\t''
RSA-OAEP\t''
RSA-OAEP-256\t''
RSA-OAEP-384\t''
RSA-OAEP-512\t''
ECDH-ES\t''
ECDH-ES+A128KW\t''
ECDH-ES+A192KW\t''
ECDH-ES+A256KW\t''
A128CBC-HS256\t''
A192CBC-HS384\t''
A256CBC-HS512\t''
A128GCM\t''
A192GCM\t''
A256GCM\t''"
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from new" -l crv -d 'The curve of an ECDH-ES key [default: P-256]' -r -f -a "P-256\t''
P-384\t''
P-521\t''
X25519\t''"
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from new" -l out -d 'Write it to a new file instead of standard output' -r -F
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from new" -l format -d 'The form of the key; `secret` prints random bytes in Base64url' -r -f -a "jwk\t'A JSON Web Key'
pem\t'PKCS #8 in PEM'
secret\t'The secret alone, as a line of text'"
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from new" -l kid -d 'The ID of the key; `thumbprint` is its SHA-256 thumbprint (RFC 7638)' -r
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from new" -l bits -d 'The size of an RSA key [default: 3072]' -r
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from new" -l seed -d 'Derive all random values from this number, for reproducible tests' -r
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from new" -l color -d 'Choose when to use colour' -r -f -a "auto\t'Terminals, unless the environment says otherwise'
always\t'All streams'
never\t'No stream'"
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from new" -l at -d 'Use this time instead of the clock, such as 2026-01-31 or -3d' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from new" -l tz -d 'Show dates in this zone: utc, local, +02:00' -r -f -a "utc\t''
local\t''
+00:00\t''
+01:00\t''
+02:00\t''
+03:00\t''
+05:30\t''
+08:00\t''
+09:00\t''
-03:00\t''
-05:00\t''
-08:00\t''"
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from new" -s j -l json -d 'Print JSON, also for errors'
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from new" -s q -l quiet -d 'Print only results, without reports, warnings and hints'
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from show" -l kid -d 'Choose the key of a set by its ID; with --format jwks, the ID of the key in the next file' -r
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from show" -l format -d 'The form of the key [default: jwk]' -r -f -a "jwk\t'A JSON Web Key, or a JWK Set if the file is one'
jwks\t'A JWK Set of the keys of all files'
pem\t'PKCS #8 or SPKI in PEM'"
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from show" -l key-password-env -d 'Read the password of an encrypted key from an environment variable' -r
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from show" -l key-password-file -d 'Read the password of an encrypted key from a file' -r -F
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from show" -l color -d 'Choose when to use colour' -r -f -a "auto\t'Terminals, unless the environment says otherwise'
always\t'All streams'
never\t'No stream'"
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from show" -l at -d 'Use this time instead of the clock, such as 2026-01-31 or -3d' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from show" -l tz -d 'Show dates in this zone: utc, local, +02:00' -r -f -a "utc\t''
local\t''
+00:00\t''
+01:00\t''
+02:00\t''
+03:00\t''
+05:30\t''
+08:00\t''
+09:00\t''
-03:00\t''
-05:00\t''
-08:00\t''"
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from show" -l public -d 'Print the public half as a key'
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from show" -l private -d 'Print the whole key, private parts too'
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from show" -l thumbprint -d 'Print only the thumbprint (RFC 7638, SHA-256); of several files, with the name of each'
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from show" -s j -l json -d 'Print JSON, also for errors'
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only results, without reports, warnings and hints'
complete -c fob -n "__fish_fob_using_subcommand key; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fob -n "__fish_fob_using_subcommand schema" -l color -d 'Choose when to use colour' -r -f -a "auto\t'Terminals, unless the environment says otherwise'
always\t'All streams'
never\t'No stream'"
complete -c fob -n "__fish_fob_using_subcommand schema" -l at -d 'Use this time instead of the clock, such as 2026-01-31 or -3d' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand schema" -l tz -d 'Show dates in this zone: utc, local, +02:00' -r -f -a "utc\t''
local\t''
+00:00\t''
+01:00\t''
+02:00\t''
+03:00\t''
+05:30\t''
+08:00\t''
+09:00\t''
-03:00\t''
-05:00\t''
-08:00\t''"
complete -c fob -n "__fish_fob_using_subcommand schema" -s j -l json -d 'Print JSON, also for errors'
complete -c fob -n "__fish_fob_using_subcommand schema" -s q -l quiet -d 'Print only results, without reports, warnings and hints'
complete -c fob -n "__fish_fob_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fob -n "__fish_fob_using_subcommand completions" -l color -d 'Choose when to use colour' -r -f -a "auto\t'Terminals, unless the environment says otherwise'
always\t'All streams'
never\t'No stream'"
complete -c fob -n "__fish_fob_using_subcommand completions" -l at -d 'Use this time instead of the clock, such as 2026-01-31 or -3d' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand completions" -l tz -d 'Show dates in this zone: utc, local, +02:00' -r -f -a "utc\t''
local\t''
+00:00\t''
+01:00\t''
+02:00\t''
+03:00\t''
+05:30\t''
+08:00\t''
+09:00\t''
-03:00\t''
-05:00\t''
-08:00\t''"
complete -c fob -n "__fish_fob_using_subcommand completions" -s j -l json -d 'Print JSON, also for errors'
complete -c fob -n "__fish_fob_using_subcommand completions" -s q -l quiet -d 'Print only results, without reports, warnings and hints'
complete -c fob -n "__fish_fob_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fob -n "__fish_fob_using_subcommand man" -l color -d 'Choose when to use colour' -r -f -a "auto\t'Terminals, unless the environment says otherwise'
always\t'All streams'
never\t'No stream'"
complete -c fob -n "__fish_fob_using_subcommand man" -l at -d 'Use this time instead of the clock, such as 2026-01-31 or -3d' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand man" -l tz -d 'Show dates in this zone: utc, local, +02:00' -r -f -a "utc\t''
local\t''
+00:00\t''
+01:00\t''
+02:00\t''
+03:00\t''
+05:30\t''
+08:00\t''
+09:00\t''
-03:00\t''
-05:00\t''
-08:00\t''"
complete -c fob -n "__fish_fob_using_subcommand man" -l out -d 'Write the pages of all commands to this folder as new files: fob.1, fob-verify.1, fob-key-new.1 and so on' -r -f -a "(__fish_complete_directories)"
complete -c fob -n "__fish_fob_using_subcommand man" -s j -l json -d 'Print JSON, also for errors'
complete -c fob -n "__fish_fob_using_subcommand man" -s q -l quiet -d 'Print only results, without reports, warnings and hints'
complete -c fob -n "__fish_fob_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fob -n "__fish_fob_using_subcommand help" -l color -d 'Choose when to use colour' -r -f -a "auto\t'Terminals, unless the environment says otherwise'
always\t'All streams'
never\t'No stream'"
complete -c fob -n "__fish_fob_using_subcommand help" -l at -d 'Use this time instead of the clock, such as 2026-01-31 or -3d' -r -f -a "now\t''
+15m\t''
+1h\t''
+1d\t''
-1h\t''
15m\t''
1h\t''
1d\t''"
complete -c fob -n "__fish_fob_using_subcommand help" -l tz -d 'Show dates in this zone: utc, local, +02:00' -r -f -a "utc\t''
local\t''
+00:00\t''
+01:00\t''
+02:00\t''
+03:00\t''
+05:30\t''
+08:00\t''
+09:00\t''
-03:00\t''
-05:00\t''
-08:00\t''"
complete -c fob -n "__fish_fob_using_subcommand help" -s j -l json -d 'Print JSON, also for errors'
complete -c fob -n "__fish_fob_using_subcommand help" -s q -l quiet -d 'Print only results, without reports, warnings and hints'
complete -c fob -n "__fish_fob_using_subcommand help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c fob -n "__fish_fob_using_subcommand verify" -l report -r -f -a "(__fish_fob_prefixed_paths)"
complete -c fob -n "__fish_fob_using_subcommand test" -l report -r -f -a "(__fish_fob_prefixed_paths)"
complete -c fob -n "__fish_fob_using_subcommand inspect" -l report -r -f -a "(__fish_fob_prefixed_paths)"
complete -c fob -n "__fish_fob_using_subcommand schema" -f -a "encode decode verify test pair refresh inspect revoke key schema error"
complete -c fob -n "__fish_fob_using_subcommand schema" -f -a "new show"
complete -c fob -n "__fish_fob_using_subcommand completions" -f -a "bash elvish fish nushell powershell zsh"
complete -c fob -n "__fish_fob_using_subcommand help" -f -a "encode sign mint decode verify test pair refresh inspect revoke key schema completions man"

# Completes a path after `@`, and after the format of a report.
function __fish_fob_prefixed_paths
    set -l token (commandline -ct)
    set -l prefix (string match -r -- '^(?:--report=)?(?:@|[a-z]+=)' $token)
    test -n "$prefix"
    or return
    set -l path (string unescape -- (string replace -- "$prefix" '' $token))
    for entry in (complete -C"'' "(string escape -- $path))
        echo $prefix(string split -m1 \t -- $entry)[1]
    end
end
complete -c fob -n "string match -q -- '@*' (commandline -ct)" -f -a "(__fish_fob_prefixed_paths)"
