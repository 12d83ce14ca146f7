package web_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/dinghai/dinghai/domain"
)

var tabCount = regexp.MustCompile(`<b class="dh-num">([\d,]+)</b>`)

// TestInbox: each tab's number is its rows; a task taken moves from one tab to
// the other; a substitute sees an absent colleague's tasks.
func TestInbox(t *testing.T) {
	d := openDesk(t)
	numbers := func() []string {
		_, body := d.get("/inbox")
		var out []string
		for _, m := range tabCount.FindAllStringSubmatch(body, -1) {
			out = append(out, m[1])
		}
		return out
	}
	before := numbers()
	if len(before) != 3 || before[0] != "0" || before[1] == "0" {
		t.Fatalf("mine, to take, all: %v", before)
	}
	_, body := d.get("/inbox?tab=free")
	if rows := strings.Count(body, "dh-lead"); plainNumber(before[1]) != rows {
		t.Errorf("the tab says %s, the page shows %d", before[1], rows)
	}
	m := regexp.MustCompile(`action="(/cases/[^"]+)/claim" class="dh-take"><input type="hidden" name="task" value="(\d+)"`).FindStringSubmatch(body)
	if m == nil {
		t.Fatal("no task can be taken")
	}
	if code, _, to := d.post(m[1]+"/claim", url.Values{"task": {m[2]}, "back": {"/inbox"}}); code != 303 || to != "/inbox" {
		t.Fatalf("taking: %d %s", code, to)
	}
	after := numbers()
	if after[0] != "1" || plainNumber(after[1]) != plainNumber(before[1])-1 || after[2] != before[2] {
		t.Errorf("after taking: %v, before %v", after, before)
	}
	id := d.who.ID
	d.who = person(d.bureau, "4", "complaint_handler", "330900")
	if numbers()[0] != "0" {
		t.Error("a colleague has it too")
	}
	d.who.For = []string{id}
	if got := numbers(); got[0] != "1" {
		t.Errorf("the substitute has %s", got[0])
	}
	d.who = domain.Viewer{}
	if code, _ := d.get("/inbox"); code != 403 {
		t.Errorf("a stranger's inbox: %d", code)
	}
}

func plainNumber(s string) int {
	n := 0
	for _, c := range s {
		if c >= '0' && c <= '9' {
			n = n*10 + int(c-'0')
		}
	}
	return n
}
