
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'fob' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'fob'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'fob' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Judge and mint as if it were this time: 2026-01-31, 2026-01-31T12:00:00Z, @1700000000, -3d')
            [CompletionResult]::new('--tz', '--tz', [CompletionResultType]::ParameterName, 'Show dates in this zone: utc, local, +02:00')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No reports, no warnings, no hints: only what was minted or picked out, and the exit status')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No reports, no warnings, no hints: only what was minted or picked out, and the exit status')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('encode', 'encode', [CompletionResultType]::ParameterValue, 'Build and sign a token')
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Show what a token says; needs no key, judges nothing')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check a token''s signature and claims')
            [CompletionResult]::new('pair', 'pair', [CompletionResultType]::ParameterValue, 'Mint an access and a refresh token that belong together')
            [CompletionResult]::new('refresh', 'refresh', [CompletionResultType]::ParameterValue, 'Check a refresh token and mint the next access token')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Find every token in any text and report on each')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            break
        }
        'fob;encode' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Judge and mint as if it were this time: 2026-01-31, 2026-01-31T12:00:00Z, @1700000000, -3d')
            [CompletionResult]::new('--tz', '--tz', [CompletionResultType]::ParameterName, 'Show dates in this zone: utc, local, +02:00')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'A claim: name=text (a string) or name:=json (typed)')
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'A claim: name=text (a string) or name:=json (typed)')
            [CompletionResult]::new('--iss', '--iss', [CompletionResultType]::ParameterName, 'iss, the issuer')
            [CompletionResult]::new('--sub', '--sub', [CompletionResultType]::ParameterName, 'sub, the subject')
            [CompletionResult]::new('--aud', '--aud', [CompletionResultType]::ParameterName, 'aud, an audience; repeated, an array of them')
            [CompletionResult]::new('--exp', '--exp', [CompletionResultType]::ParameterName, 'exp, the expiration time: 15m after the issue, +15m from now, a date, @seconds')
            [CompletionResult]::new('--nbf', '--nbf', [CompletionResultType]::ParameterName, 'nbf, the time before which it is not valid')
            [CompletionResult]::new('--iat', '--iat', [CompletionResultType]::ParameterName, 'iat, the time of issue [default: now]')
            [CompletionResult]::new('--jti', '--jti', [CompletionResultType]::ParameterName, 'jti, the token''s ID; without a value, 128 random bits')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'The algorithm [default: HS256 for a secret]')
            [CompletionResult]::new('--typ', '--typ', [CompletionResultType]::ParameterName, 'The type of the token [default: JWT]')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Another parameter of the header')
            [CompletionResult]::new('--secret-env', '--secret-env', [CompletionResultType]::ParameterName, 'Take the secret from an environment variable')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Take the secret from a file')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The secret itself, or - for standard input')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The secret itself, or - for standard input')
            [CompletionResult]::new('--secret-format', '--secret-format', [CompletionResultType]::ParameterName, 'How the secret is written')
            [CompletionResult]::new('--kid', '--kid', [CompletionResultType]::ParameterName, 'The name of the key: a new token is given it, and a token that names another is key_not_found')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'What to print [default: token]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No reports, no warnings, no hints: only what was minted or picked out, and the exit status')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No reports, no warnings, no hints: only what was minted or picked out, and the exit status')
            [CompletionResult]::new('--no-iat', '--no-iat', [CompletionResultType]::ParameterName, 'Do not add iat, the time of issue')
            [CompletionResult]::new('--verbatim', '--verbatim', [CompletionResultType]::ParameterName, 'Sign the bytes of PAYLOAD untouched')
            [CompletionResult]::new('--no-typ', '--no-typ', [CompletionResultType]::ParameterName, 'Leave out the type')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fob;decode' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Judge and mint as if it were this time: 2026-01-31, 2026-01-31T12:00:00Z, @1700000000, -3d')
            [CompletionResult]::new('--tz', '--tz', [CompletionResultType]::ParameterName, 'Show dates in this zone: utc, local, +02:00')
            [CompletionResult]::new('--part', '--part', [CompletionResultType]::ParameterName, 'Print one segment, decoded, and nothing else')
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'Print one claim: a name, or a JSON Pointer starting with /')
            [CompletionResult]::new('--pick', '--pick', [CompletionResultType]::ParameterName, 'Which token, if the input holds several: its name (access, refresh_token, …) or its number')
            [CompletionResult]::new('--max-size', '--max-size', [CompletionResultType]::ParameterName, 'How large a token may be')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No reports, no warnings, no hints: only what was minted or picked out, and the exit status')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No reports, no warnings, no hints: only what was minted or picked out, and the exit status')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fob;verify' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Judge and mint as if it were this time: 2026-01-31, 2026-01-31T12:00:00Z, @1700000000, -3d')
            [CompletionResult]::new('--tz', '--tz', [CompletionResultType]::ParameterName, 'Show dates in this zone: utc, local, +02:00')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'Succeed if this is the outcome: accepted, rejected, malformed, or reason codes that must all be given')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'An algorithm that is allowed; may repeat [default: those of the key]')
            [CompletionResult]::new('--iss', '--iss', [CompletionResultType]::ParameterName, 'iss must be this; repeated, any of them')
            [CompletionResult]::new('--aud', '--aud', [CompletionResultType]::ParameterName, 'aud must hold this; repeated, any of them')
            [CompletionResult]::new('--sub', '--sub', [CompletionResultType]::ParameterName, 'sub must be this')
            [CompletionResult]::new('--jti', '--jti', [CompletionResultType]::ParameterName, 'jti must be this')
            [CompletionResult]::new('--typ', '--typ', [CompletionResultType]::ParameterName, 'The header''s typ must be this media type')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'A claim must have this value: name=text or name:=json; a name that starts with / is a JSON Pointer')
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'A claim must have this value: name=text or name:=json; a name that starts with / is a JSON Pointer')
            [CompletionResult]::new('--require', '--require', [CompletionResultType]::ParameterName, 'A claim must be there; may repeat')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'It must have been issued no longer ago than this')
            [CompletionResult]::new('--leeway', '--leeway', [CompletionResultType]::ParameterName, 'How far clocks may be apart')
            [CompletionResult]::new('--token-type', '--token-type', [CompletionResultType]::ParameterName, 'The kind of token it must be: access, refresh, …')
            [CompletionResult]::new('--secret-env', '--secret-env', [CompletionResultType]::ParameterName, 'Take the secret from an environment variable')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Take the secret from a file')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The secret itself, or - for standard input')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The secret itself, or - for standard input')
            [CompletionResult]::new('--secret-format', '--secret-format', [CompletionResultType]::ParameterName, 'How the secret is written')
            [CompletionResult]::new('--kid', '--kid', [CompletionResultType]::ParameterName, 'The name of the key: a new token is given it, and a token that names another is key_not_found')
            [CompletionResult]::new('--pick', '--pick', [CompletionResultType]::ParameterName, 'Which token, if the input holds several: its name (access, refresh_token, …) or its number')
            [CompletionResult]::new('--max-size', '--max-size', [CompletionResultType]::ParameterName, 'How large a token may be')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No reports, no warnings, no hints: only what was minted or picked out, and the exit status')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No reports, no warnings, no hints: only what was minted or picked out, and the exit status')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'RFC 8725: refuse weak keys, a missing exp, and an aud or iss that was not asked for')
            [CompletionResult]::new('--ignore-exp', '--ignore-exp', [CompletionResultType]::ParameterName, 'Do not compare exp with the clock')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fob;pair' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Judge and mint as if it were this time: 2026-01-31, 2026-01-31T12:00:00Z, @1700000000, -3d')
            [CompletionResult]::new('--tz', '--tz', [CompletionResultType]::ParameterName, 'Show dates in this zone: utc, local, +02:00')
            [CompletionResult]::new('--user-id', '--user-id', [CompletionResultType]::ParameterName, 'The user, as user_id (sub with oauth)')
            [CompletionResult]::new('--sub', '--sub', [CompletionResultType]::ParameterName, 'The user, as sub')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Whose tokens they are like')
            [CompletionResult]::new('--access-ttl', '--access-ttl', [CompletionResultType]::ParameterName, 'How long the access token lives')
            [CompletionResult]::new('--refresh-ttl', '--refresh-ttl', [CompletionResultType]::ParameterName, 'How long the refresh token lives [default: 1d; drf-jwt: the refresh window, 7d]')
            [CompletionResult]::new('--iss', '--iss', [CompletionResultType]::ParameterName, 'iss, the issuer')
            [CompletionResult]::new('--aud', '--aud', [CompletionResultType]::ParameterName, 'aud, an audience; repeated, an array of them')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'A claim of both tokens')
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'A claim of both tokens')
            [CompletionResult]::new('--access-claim', '--access-claim', [CompletionResultType]::ParameterName, 'A claim of the access token alone')
            [CompletionResult]::new('--refresh-claim', '--refresh-claim', [CompletionResultType]::ParameterName, 'A claim of the refresh token alone')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'The algorithm [default: HS256 for a secret]')
            [CompletionResult]::new('--secret-env', '--secret-env', [CompletionResultType]::ParameterName, 'Take the secret from an environment variable')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Take the secret from a file')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The secret itself, or - for standard input')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The secret itself, or - for standard input')
            [CompletionResult]::new('--secret-format', '--secret-format', [CompletionResultType]::ParameterName, 'How the secret is written')
            [CompletionResult]::new('--kid', '--kid', [CompletionResultType]::ParameterName, 'The name of the key: a new token is given it, and a token that names another is key_not_found')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'What to print [default: text]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No reports, no warnings, no hints: only what was minted or picked out, and the exit status')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No reports, no warnings, no hints: only what was minted or picked out, and the exit status')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fob;refresh' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Judge and mint as if it were this time: 2026-01-31, 2026-01-31T12:00:00Z, @1700000000, -3d')
            [CompletionResult]::new('--tz', '--tz', [CompletionResultType]::ParameterName, 'Show dates in this zone: utc, local, +02:00')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Whose tokens they are like [default: what the token looks like]')
            [CompletionResult]::new('--access-ttl', '--access-ttl', [CompletionResultType]::ParameterName, 'How long the access token lives')
            [CompletionResult]::new('--refresh-ttl', '--refresh-ttl', [CompletionResultType]::ParameterName, 'How long the refresh token lives [default: 1d; drf-jwt: the refresh window, 7d]')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'An algorithm that is allowed; may repeat [default: those of the key]')
            [CompletionResult]::new('--iss', '--iss', [CompletionResultType]::ParameterName, 'iss must be this; repeated, any of them')
            [CompletionResult]::new('--aud', '--aud', [CompletionResultType]::ParameterName, 'aud must hold this; repeated, any of them')
            [CompletionResult]::new('--sub', '--sub', [CompletionResultType]::ParameterName, 'sub must be this')
            [CompletionResult]::new('--jti', '--jti', [CompletionResultType]::ParameterName, 'jti must be this')
            [CompletionResult]::new('--typ', '--typ', [CompletionResultType]::ParameterName, 'The header''s typ must be this media type')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'A claim must have this value: name=text or name:=json; a name that starts with / is a JSON Pointer')
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'A claim must have this value: name=text or name:=json; a name that starts with / is a JSON Pointer')
            [CompletionResult]::new('--require', '--require', [CompletionResultType]::ParameterName, 'A claim must be there; may repeat')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'It must have been issued no longer ago than this')
            [CompletionResult]::new('--leeway', '--leeway', [CompletionResultType]::ParameterName, 'How far clocks may be apart')
            [CompletionResult]::new('--secret-env', '--secret-env', [CompletionResultType]::ParameterName, 'Take the secret from an environment variable')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Take the secret from a file')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The secret itself, or - for standard input')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The secret itself, or - for standard input')
            [CompletionResult]::new('--secret-format', '--secret-format', [CompletionResultType]::ParameterName, 'How the secret is written')
            [CompletionResult]::new('--kid', '--kid', [CompletionResultType]::ParameterName, 'The name of the key: a new token is given it, and a token that names another is key_not_found')
            [CompletionResult]::new('--pick', '--pick', [CompletionResultType]::ParameterName, 'Which token, if the input holds several: its name (access, refresh_token, …) or its number')
            [CompletionResult]::new('--max-size', '--max-size', [CompletionResultType]::ParameterName, 'How large a token may be')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'What to print [default: text]')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No reports, no warnings, no hints: only what was minted or picked out, and the exit status')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No reports, no warnings, no hints: only what was minted or picked out, and the exit status')
            [CompletionResult]::new('--rotate', '--rotate', [CompletionResultType]::ParameterName, 'Mint a new refresh token too')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'RFC 8725: refuse weak keys, a missing exp, and an aud or iss that was not asked for')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fob;inspect' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Judge and mint as if it were this time: 2026-01-31, 2026-01-31T12:00:00Z, @1700000000, -3d')
            [CompletionResult]::new('--tz', '--tz', [CompletionResultType]::ParameterName, 'Show dates in this zone: utc, local, +02:00')
            [CompletionResult]::new('--valid-for', '--valid-for', [CompletionResultType]::ParameterName, 'Fail with status 3 unless every token is valid for this long')
            [CompletionResult]::new('--require', '--require', [CompletionResultType]::ParameterName, 'Fail with status 1 unless every token has this claim; may repeat')
            [CompletionResult]::new('--secret-env', '--secret-env', [CompletionResultType]::ParameterName, 'Take the secret from an environment variable')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Take the secret from a file')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'The secret itself, or - for standard input')
            [CompletionResult]::new('--secret', '--secret', [CompletionResultType]::ParameterName, 'The secret itself, or - for standard input')
            [CompletionResult]::new('--secret-format', '--secret-format', [CompletionResultType]::ParameterName, 'How the secret is written')
            [CompletionResult]::new('--kid', '--kid', [CompletionResultType]::ParameterName, 'The name of the key: a new token is given it, and a token that names another is key_not_found')
            [CompletionResult]::new('--max-size', '--max-size', [CompletionResultType]::ParameterName, 'How large a token may be')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No reports, no warnings, no hints: only what was minted or picked out, and the exit status')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No reports, no warnings, no hints: only what was minted or picked out, and the exit status')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Leave out what must not be shared: signatures, and who the token is about')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'fob;completions' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Judge and mint as if it were this time: 2026-01-31, 2026-01-31T12:00:00Z, @1700000000, -3d')
            [CompletionResult]::new('--tz', '--tz', [CompletionResultType]::ParameterName, 'Show dates in this zone: utc, local, +02:00')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'No reports, no warnings, no hints: only what was minted or picked out, and the exit status')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'No reports, no warnings, no hints: only what was minted or picked out, and the exit status')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
