package web

import "strings"

// What browsers call themselves, the more special first: most claim to be
// several others as well.
var (
	browserNames = [][2]string{{"DingTalk", "DingTalk"}, {"MicroMessenger", "WeChat"}, {"Edg", "Edge"}, {"OPR", "Opera"}, {"Firefox", "Firefox"},
		{"Chrome", "Chrome"}, {"Safari", "Safari"}}
	systemNames = [][2]string{{"HarmonyOS", "HarmonyOS"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"},
		{"Mac OS", "macOS"}, {"Linux", "Linux"}}
)

// browser names a browser and its system well enough to tell one's own apart.
func (w words) browser(agent string) string {
	find := func(list [][2]string) string {
		for _, n := range list {
			if strings.Contains(agent, n[0]) {
				return n[1]
			}
		}
		return ""
	}
	b, s := find(browserNames), find(systemNames)
	switch {
	case b == "" && s == "":
		return w.l.T("session.unknown")
	case s == "":
		return b
	case b == "":
		return s
	}
	return b + " · " + s
}
