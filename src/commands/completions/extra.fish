
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
