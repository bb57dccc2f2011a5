
# Completes a path after `@`, and otherwise what zsh offers for any value.
_fob_value() {
    if compset -P '@'; then
        _files
    else
        _default
    fi
}

# Completes a report format, and a path after its `=`.
_fob_report() {
    if compset -P '*='; then
        _files
    else
        compadd -S '' -- "$@"
    fi
}
