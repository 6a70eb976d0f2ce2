/**
 * Compares `$facts` with the requirements on standard input (`requirement.ts` writes them). `judge` says every reason at
 * once on standard error, and fails if one of them refuses the host. With `$every` set it says a line for each requirement
 * there instead, fields between tabs: `ok`, `warning` or `refused`, name, what was seen, what is wanted, the reason.
 *
 * The comparison is made on the host, not by the program that reads the facts: a command that fails leaves nothing in the
 * state, so the next `up` asks again. Facts that came back as a success would be judged for ever as they were first.
 */
export const JUDGE_SCRIPT = `
judge() {
  {
    printf '%s\\n' "$facts"
    echo REQUIREMENTS
    cat
  } | awk -F '\\t' -v all="\${every:-}" '
    function words(observed, at) {
      at = index(reason, "%s")
      return at ? substr(reason, 1, at - 1) observed substr(reason, at + 2) : reason
    }
    function say(observed) {
      bad = 1; seen = observed
      if (!all) print severity ": " words(observed)
      if (severity == "refused") refused = 1
    }
    # Who listens on a port, but for units of ours; empty where nobody does.
    function listener(port, ours, i, part) {
      for (i = 1; i <= count["port"]; i++) {
        split(values["port", i], part, " ")
        if (part[1] != port) continue
        if (ours != "" && index(" " ours " ", " " owner[i] " ")) continue
        return substr(values["port", i], length(port) + 2) (owner[i] == "" ? "" : " (" owner[i] ")")
      }
      return ""
    }
    $0 == "REQUIREMENTS" { asked = 1; next }
    !asked { count[$1]++; values[$1, count[$1]] = $2; if ($1 == "port") owner[count[$1]] = $3; next }
    {
      severity = $1; test = $2; name = $3; wanted = $4; reason = $5; bad = 0
      observed = count[name] ? values[name, 1] : "unknown"
      seen = observed
      if (test == "at-least" && (!count[name] || observed + 0 < wanted + 0)) say(observed)
      if (test == "at-most" && count[name] && observed + 0 > wanted + 0) say(observed)
      if (test == "is" && observed != wanted) say(observed)
      if (test == "is-not" && observed == wanted) say(observed)
      if (test == "none-but") for (i = 1; i <= count[name]; i++) if (values[name, i] != wanted) say(values[name, i])
      if (test == "free") {
        seen = "free"
        # Without the names of our units: once the host is ours, it is our own programs that listen. Who may not see whose a port is says nothing.
        known = wanted == "" ? !count["bundle"] : values["privilege", 1] != "none"
        if (known && listener(name, wanted) != "") say(listener(name, wanted))
      }
      if (test == "listens") { seen = listener(name, ""); if (seen == "") say("") }
      if (all) print (bad ? severity : "ok") "\\t" name "\\t" seen "\\t" wanted "\\t" words(seen)
    }
    END { exit all ? 0 : refused }
  ' >&2 || exit 1
  [ -n "\${every:-}" ] || printf '%s\\n' "$facts"
}
`;
