import type { Place } from "./completionTree.ts";

/** In all three: the words that are typed make a path, each path has its words; a stack's name is that of its file. */
export const SHELLS: Readonly<Record<string, (places: readonly Place[]) => string>> = { bash, zsh, fish };

/** POSIX single quotes; fish reads them so, too, but for a backslash, which no word and no help of ours has. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Whether what is asked for is the value of an option. */
const isOfOption = ({ path }: Place): boolean => path.includes(" --");

/** Patterns of a shell's `case` for what goes on: `"feeds add"`. */
const goesOn = (places: readonly Place[]): string[] =>
  places.flatMap((place) => (place.path === "" || isOfOption(place) ? [] : [place.path]));

const wordsOf = ({ words }: Place): string => words.map(({ word }) => word).join(" ");

function bash(places: readonly Place[]): string {
  return `# planet completion for bash: eval "$(npx planet completion bash)"
_planet() {
  local from=1 path= words= word i
  COMPREPLY=()
  if [ "\${COMP_WORDS[0]}" = npx ]; then
    [ "$COMP_CWORD" -gt 1 ] && [ "\${COMP_WORDS[1]}" = planet ] || return
    from=2
  fi
  for ((i = from; i < COMP_CWORD; i++)); do
    word="\${path:+$path }\${COMP_WORDS[i]}"
    case "$word" in
      ${goesOn(places).map(quoted).join(" | ")}) path="$word" ;;
    esac
  done
  word="$path \${COMP_WORDS[COMP_CWORD - 1]}"
  case "$word" in
    ${places
      .filter(isOfOption)
      .map(({ path }) => quoted(path))
      .join(" | ")}) path="$word" ;;
  esac
  case "$path" in
${places.map((place) => `    ${quoted(place.path)}) words=${quoted(wordsOf(place))} ;;`).join("\n")}
  esac
  if [ "\${COMP_WORDS[COMP_CWORD - 1]}" = --stack ]; then
    words="$(for word in Pulumi.*.yaml; do word="\${word#Pulumi.}"; echo "\${word%.yaml}"; done)"
  fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _planet planet npx
`;
}

function zsh(places: readonly Place[]): string {
  return `#compdef planet
# planet completion for zsh: eval "$(npx planet completion zsh)", behind compinit
_planet() {
  local from=2 path_= word i
  local -a found
  if [[ $words[1] == npx ]]; then
    if (( CURRENT < 3 )) || [[ $words[2] != planet ]]; then _default; return; fi
    from=3
  fi
  for ((i = from; i < CURRENT; i++)); do
    word="\${path_:+$path_ }$words[i]"
    case "$word" in
      (${goesOn(places).map(quoted).join(" | ")}) path_="$word" ;;
    esac
  done
  if [[ $words[CURRENT-1] == --stack ]]; then
    found=(Pulumi.*.yaml(N:r))
    compadd -- \${found#Pulumi.}
    return
  fi
  word="$path_ $words[CURRENT-1]"
  case "$word" in
    (${places
      .filter(isOfOption)
      .map(({ path }) => quoted(path))
      .join(" | ")}) path_="$word" ;;
  esac
  case "$path_" in
${places
  .map(({ path, words }) => {
    const each = words.map(({ word, help }) => quoted(`${word}:${help.replaceAll(":", "\\:")}`));
    return `    (${quoted(path)}) found=(${each.join(" ")}) ;;`;
  })
  .join("\n")}
  esac
  _describe planet found || _default
}
compdef _planet planet npx
`;
}

function fish(places: readonly Place[]): string {
  return `# planet completion for fish: npx planet completion fish | source
function __planet_words
    set -l given (commandline -opc)
    test "$given[1]" = npx; and set -e given[1]
    set -l path
    for word in $given[2..-1]
        switch (string join -- ' ' $path $word)
            case ${goesOn(places).map(quoted).join(" ")}
                set -a path $word
        end
    end
    if test "$given[-1]" = --stack
        string replace -rf '^Pulumi\\.(.+)\\.yaml$' '$1' -- Pulumi.*.yaml
        return
    end
    switch (string join -- ' ' $path $given[-1])
        case ${places
          .filter(isOfOption)
          .map(({ path }) => quoted(path))
          .join(" ")}
            set -a path $given[-1]
    end
    switch (string join -- ' ' $path)
${places
  .map(({ path, words }) => {
    const each = words.map(({ word, help }) => `            printf '%s\\t%s\\n' ${quoted(word)} ${quoted(help)}`);
    return [`        case ${quoted(path)}`, ...each].join("\n");
  })
  .join("\n")}
    end
end
function __planet_is_npx
    set -l given (commandline -opc)
    test "$given[2]" = planet
end
complete -c planet -a '(__planet_words)'
complete -c npx -n __planet_is_npx -a '(__planet_words)'
`;
}
