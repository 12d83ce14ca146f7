package catalogue

import (
	"regexp"
	"slices"
	"strings"
)

// maxTold is how long a fixed text to somebody outside may be: a short message
// holds 70 characters, and the sign of the bureau and the number take the rest.
const maxTold = 45

var literal = regexp.MustCompile(`^"([^"\\]*)"$`)

// fixed gives the text an expression always has; "" when it is computed.
func fixed(expr string) string {
	if m := literal.FindStringSubmatch(strings.TrimSpace(expr)); m != nil {
		return m[1]
	}
	return ""
}

// checkNotify holds a telling against what can be told: somebody by role, by
// name (who), another system (to), or whoever left an address in the record
// (contact: fields, the first that is filled in).
func (c *Catalogue) checkNotify(a at, k *Kind, data map[string]string) {
	if data["role"] == "" && data["who"] == "" && data["to"] == "" && data["contact"] == "" {
		a.bad("notify needs whom to tell: role, who, to or contact")
	}
	if data["text"] == "" || data["text_en"] == "" {
		a.bad("notify needs text and text_en")
	}
	if role := fixed(data["role"]); role != "" && (c.Roles[role] == nil || c.Roles[role].Kind == "platform") {
		a.in(".role").bad("no role %s that people hold", role)
	}
	if data["contact"] == "" {
		return
	}
	list := strings.Fields(fixed(data["contact"]))
	if len(list) == 0 {
		a.in(".contact").bad("contact names fields of the record, as one fixed text")
	}
	for _, name := range list {
		if f := k.fields[name]; f == nil || !slices.Contains([]string{"phone", "text"}, f.Type) {
			a.in(".contact").bad("%s is no field for a number or an address", name)
		}
	}
	if n := len([]rune(fixed(data["text"]))); n > maxTold {
		a.in(".text").bad("the text has %d characters; with sign and number %d fit into one short message", n, maxTold)
	}
}
