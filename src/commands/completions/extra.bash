
# Gives _fob whole words, since bash splits them at `=`, `:` and `@`. Completes paths after `@` and after a report format.
_fob_whole_words() {
    local word cur="" prev="" typed path glue="" cword=0 index=0
    local -a whole
    whole=()
    for word in "${COMP_WORDS[@]}"; do
        if [[ ${#whole[@]} -gt 0 && ( -n "$glue" || "$word" == [:=]* ) ]]; then
            whole[${#whole[@]} - 1]+="$word"
        else
            whole+=("$word")
        fi
        glue=""
        [[ "$word" == [:=]* || "$word" == "@" ]] && glue="yes"
        [[ $index -eq $COMP_CWORD ]] && cword=$(( ${#whole[@]} - 1 ))
        index=$(( index + 1 ))
    done
    cur="${whole[cword]}"
    [[ $cword -gt 0 ]] && prev="${whole[cword - 1]}"
    if [[ "$cur" == --*=* ]]; then
        prev="${cur%%=*}"
        cur="${cur#*=}"
        whole=("${whole[@]:0:cword}" "$prev" "$cur")
        cword=$(( cword + 1 ))
    fi
    # What stands before the part that bash replaces.
    typed="${cur%"$2"}"

    local before=""
    case "$prev,$cur" in
        *,@*) before="@" ;;
        --report,*=*) before="${cur%%=*}=" ;;
    esac
    if [[ -n "$before" ]]; then
        path="${cur#"$before"}"
        path="${path//\\/}"
        COMPREPLY=()
        while IFS= read -r word; do
            word="$before$word"
            COMPREPLY+=("${word#"$typed"}")
        done < <(compgen -f -- "$path")
        type compopt > /dev/null 2>&1 && compopt -o filenames
        return 0
    fi

    COMP_WORDS=("${whole[@]}")
    COMP_CWORD=$cword
    _fob "$1" "$cur" "$prev"
    for index in "${!COMPREPLY[@]}"; do
        word="${COMPREPLY[index]}"
        [[ "$word" == *= ]] && type compopt > /dev/null 2>&1 && compopt -o nospace
        COMPREPLY[index]="${word#"$typed"}"
    done
    return 0
}

if [[ "${BASH_VERSINFO[0]}" -eq 4 && "${BASH_VERSINFO[1]}" -ge 4 || "${BASH_VERSINFO[0]}" -gt 4 ]]; then
    complete -F _fob_whole_words -o nosort -o bashdefault -o default fob
else
    complete -F _fob_whole_words -o bashdefault -o default fob
fi
