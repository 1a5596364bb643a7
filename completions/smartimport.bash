# Completion of smartimport in bash 4 or later:
#   smartimport completions bash > ~/.local/share/bash-completion/completions/smartimport
_smartimport() {
    local line cur head i words
    # The line as typed: bash's own words are split at = and : too.
    read -ra words <<< "${COMP_LINE:0:COMP_POINT}"
    [[ ${COMP_LINE:COMP_POINT-1:1} == [[:space:]] ]] && words+=("")
    cur="${words[-1]}"
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            :files) compopt -o default -o filenames; COMPREPLY=(); return ;;
            :folders) compopt -o dirnames -o filenames; COMPREPLY=(); return ;;
        esac
        COMPREPLY+=("${line%%$'\t'*}")
    done < <("${words[0]}" __complete "$((${#words[@]} - 2))" "${words[@]:1}" 2>/dev/null)
    # What bash replaces begins behind the last = or :
    head="${cur%"${cur##*[=:]}"}"
    for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]="${COMPREPLY[i]#"$head"}"; done
}
complete -F _smartimport smartimport
