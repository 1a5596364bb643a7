# Completion of smartimport in PowerShell: add this to your $PROFILE:
#   smartimport completions powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName smartimport -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
    if ($wordToComplete -eq '') { $words += '' }
    $current = $words.Count - 1
    & $commandAst.CommandElements[0].ToString() __complete $current @words 2>$null | ForEach-Object {
        if ($_ -notlike ':*') {
            $value, $about = $_ -split "`t", 2
            if (-not $about) { $about = $value }
            [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
        }
    }
}
