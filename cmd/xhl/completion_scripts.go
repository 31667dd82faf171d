package main

import (
	"fmt"
	"strings"
)

// Each script holds the table of the commands and a few lines that walk through
// what is typed: commands go down in the table, an option may take the word
// that follows. Nothing is asked of the program while somebody types.

func bashCompletion(top page) string {
	var b strings.Builder
	b.WriteString(`# Completion of xhl for bash, made by "xhl completion bash".

# _xhl_of COMMAND: what may follow it.
_xhl_of() {
  subs= opts= takes= files=
  case "$1" in
`)
	shellCases(&b, top, func(pg page) string {
		all, takers := pg.flags()
		line := "subs=" + quoted(pg.next()...) + " opts=" + quoted(all...) + " takes=" + quoted(takers...)
		if pg.files() {
			line += " files=1"
		}
		return line
	})
	b.WriteString(`  esac
}

# _xhl_value "COMMAND OPTION": what the option takes.
_xhl_value() {
  values= disk=
  case "$1" in
`)
	shellValues(&b, top)
	b.WriteString(`  esac
}

_xhl_reply() {
  local found
  while IFS= read -r found; do COMPREPLY+=("$found"); done
}

_xhl() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
  local path=xhl word i subs opts takes files values disk
  COMPREPLY=()
  # bash takes "=" for a word of its own.
  if [ "$cur" = = ]; then
    cur=
  elif [ "$prev" = = ]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  _xhl_of "$path"
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case "$word" in
    -*)
      case " $takes " in
      *" $word "*)
        [ "${COMP_WORDS[i+1]}" != = ] || ((i++))
        ((i++))
        ;;
      esac
      ;;
    *)
      case " $subs " in
      *" $word "*) path="$path $word"; _xhl_of "$path" ;;
      esac
      ;;
    esac
  done
  case " $takes " in
  *" $prev "*)
    _xhl_value "$path $prev"
    case "$disk" in
    folder) compopt -o filenames 2>/dev/null; _xhl_reply < <(compgen -d -- "$cur") ;;
    file) compopt -o filenames 2>/dev/null; _xhl_reply < <(compgen -f -- "$cur") ;;
    *) _xhl_reply < <(compgen -W "$values" -- "$cur") ;;
    esac
    return
    ;;
  esac
  case "$cur" in
  -*) _xhl_reply < <(compgen -W "$opts" -- "$cur") ;;
  *)
    _xhl_reply < <(compgen -W "$subs" -- "$cur")
    if [ -n "$files" ]; then
      compopt -o filenames 2>/dev/null
      _xhl_reply < <(compgen -f -- "$cur")
    fi
    ;;
  esac
}

complete -F _xhl xhl
`)
	return b.String()
}

func zshCompletion(top page) string {
	var b strings.Builder
	b.WriteString(`#compdef xhl
# Completion of xhl for zsh, made by "xhl completion zsh".

# _xhl_of COMMAND: what may follow it, each with what it means.
_xhl_of() {
  subs=() opts=() takes=() files=
  case "$1" in
`)
	shellCases(&b, top, func(pg page) string {
		var subs, opts []string
		for _, word := range pg.next() {
			subs = append(subs, quoted(strings.TrimSuffix(word+":"+pg.about(word), ":")))
		}
		for _, o := range pg.options {
			for _, name := range o.names {
				opts = append(opts, quoted(name+":"+o.usage))
			}
		}
		_, takers := pg.flags()
		line := "subs=(" + strings.Join(subs, " ") + ") opts=(" + strings.Join(opts, " ") + ") takes=(" + strings.Join(takers, " ") + ")"
		if pg.files() {
			line += " files=1"
		}
		return line
	})
	b.WriteString(`  esac
}

# _xhl_value "COMMAND OPTION": what the option takes.
_xhl_value() {
  values= disk=
  case "$1" in
`)
	shellValues(&b, top)
	b.WriteString(`  esac
}

_xhl() {
  local word path_=xhl wants= files values disk i
  local -a subs opts takes
  _xhl_of $path_
  for ((i = 2; i < CURRENT; i++)); do
    word=${words[i]} wants=
    if [[ $word == -* ]]; then
      if (( ${takes[(Ie)$word]} )); then
        wants=$word
        ((i++))
      fi
    elif (( ${subs[(I)$word(|:*)]} )); then
      path_="$path_ $word"
      _xhl_of $path_
    fi
  done
  # The option whose value is being typed, apart or after "=".
  if (( i == CURRENT )); then
    wants=
    word=${words[CURRENT]}
    if [[ $word == --*=* ]] && (( ${takes[(Ie)${word%%=*}]} )); then
      wants=${word%%=*}
      compset -P '*='
    fi
  fi
  if [[ -n $wants ]]; then
    _xhl_value "$path_ $wants"
    case $disk in
    folder) _files -/ ;;
    file) _files ;;
    *) [[ -z $values ]] || compadd -- ${=values} ;;
    esac
    return
  fi
  if [[ ${words[CURRENT]} == -* ]]; then
    _describe -o option opts
    return
  fi
  (( ! $#subs )) || _describe command subs
  [[ -z $files ]] || _files
}

if [ "$funcstack[1]" = _xhl ]; then
  _xhl "$@"
elif (( $+functions[compdef] )); then
  compdef _xhl xhl
fi
`)
	return b.String()
}

func fishCompletion(top page) string {
	var b strings.Builder
	b.WriteString(`# Completion of xhl for fish, made by "xhl completion fish".

# __xhl_at COMMAND: whether COMMAND is what was typed so far, options aside.
function __xhl_at
    set -l path xhl
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case '-*'
                contains -- "$path $word" $__xhl_takes
                and set skip 1
            case '*'
                contains -- "$path $word" $__xhl_commands
                and set path "$path $word"
        end
    end
    test "$path" = "$argv"
end

`)
	top.every(func(pg page) {
		if len(pg.words) > 1 {
			fmt.Fprintf(&b, "set -ga __xhl_commands %s\n", quoted(pg.name()))
		}
		if _, takers := pg.flags(); len(takers) > 0 {
			b.WriteString("set -ga __xhl_takes")
			for _, name := range takers {
				b.WriteString(" " + quoted(pg.name(), name))
			}
			b.WriteString("\n")
		}
	})
	b.WriteString("\ncomplete -c xhl -f\n")
	top.every(func(pg page) {
		at := "complete -c xhl -n " + quoted("__xhl_at", pg.name())
		for _, word := range pg.next() {
			fmt.Fprintf(&b, "%s -a %s%s\n", at, quoted(word), described(pg.about(word)))
		}
		if pg.files() {
			b.WriteString(at + " -F\n")
		}
		for _, o := range pg.options {
			b.WriteString(at)
			for _, name := range o.names {
				if long, is := strings.CutPrefix(name, "--"); is {
					b.WriteString(" -l " + long)
				} else {
					b.WriteString(" -s " + name[1:])
				}
			}
			switch {
			case o.value == "":
			case o.files == anyFile:
				b.WriteString(" -r -F")
			case o.files == folder:
				b.WriteString(" -x -a '(__fish_complete_directories)'")
			case len(o.values) > 0:
				b.WriteString(" -x -a " + quoted(o.values...))
			default:
				b.WriteString(" -x")
			}
			b.WriteString(described(o.usage) + "\n")
		}
	})
	return b.String()
}

// described is what fish shows beside a word. It reads \ in quotes.
func described(usage string) string {
	if usage == "" {
		return ""
	}
	return " -d '" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(usage) + "'"
}

func powershellCompletion(top page) string {
	text := func(s string) string { return "'" + strings.NewReplacer("'", "''", "’", "’’").Replace(s) + "'" }
	list := func(words []string) string {
		var quoted []string
		for _, word := range words {
			quoted = append(quoted, text(word))
		}
		return "@(" + strings.Join(quoted, ", ") + ")"
	}
	var b strings.Builder
	b.WriteString("# Completion of xhl for PowerShell, made by \"xhl completion powershell\".\n\n$xhlCommands = @{\n")
	top.every(func(pg page) {
		fmt.Fprintf(&b, "  %s = @{ Subs = [ordered]@{", text(pg.name()))
		for _, word := range pg.next() {
			fmt.Fprintf(&b, " %s = %s;", text(word), text(pg.about(word)))
		}
		b.WriteString(" }; Options = [ordered]@{")
		for _, o := range pg.options {
			for _, name := range o.names {
				fmt.Fprintf(&b, " %s = %s;", text(name), text(o.usage))
			}
		}
		b.WriteString(" }; Takes = @{")
		for _, o := range pg.options {
			for _, name := range o.names {
				if o.value != "" {
					fmt.Fprintf(&b, " %s = %s;", text(name), list(o.values))
				}
			}
		}
		b.WriteString(" } }\n")
	})
	b.WriteString(`}

Register-ArgumentCompleter -Native -CommandName xhl, xhl.exe -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $path = 'xhl'
  $wants = ''
  foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
    if ($element.Extent.EndOffset -ge $cursorPosition -and $wordToComplete) { break }
    $word = $element.ToString()
    $here = $xhlCommands[$path]
    if ($wants) { $wants = '' }
    elseif ($here.Takes.ContainsKey($word)) { $wants = $word }
    elseif ($here.Subs.Contains($word) -and $xhlCommands.ContainsKey("$path $word")) { $path = "$path $word" }
  }
  $here = $xhlCommands[$path]
  $found = [ordered]@{}
  if ($wants) { foreach ($value in $here.Takes[$wants]) { $found[$value] = $value } }
  elseif ($wordToComplete -like '-*') { $found = $here.Options }
  else { $found = $here.Subs }
  foreach ($word in $found.Keys) {
    if ($word -like "$wordToComplete*") {
      $about = $found[$word]
      if (-not $about) { $about = $word }
      [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $about)
    }
  }
}
`)
	return b.String()
}
