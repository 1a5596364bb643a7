# Completion of smartimport in fish:
#   smartimport completions fish > ~/.config/fish/completions/smartimport.fish
function __smartimport_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] __complete (math (count $words) - 1) $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path "$current"
            case :folders
                __fish_complete_directories "$current"
            case '*'
                echo $line
        end
    end
end
complete -c smartimport -f -a '(__smartimport_complete)'
