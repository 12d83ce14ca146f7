package web_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var refBox = regexp.MustCompile(`name="_ref" value="([^"]+)"`)

// TestList: filters, order, columns and the true total; one rule for what is
// listed.
func TestList(t *testing.T) {
	d := openDesk(t)
	total := func(path string) int {
		t.Helper()
		code, body := d.get(path)
		if code != 200 {
			t.Fatalf("%s: %d", path, code)
		}
		m := regexp.MustCompile(`共 ([\d,]+)`).FindStringSubmatch(body)
		if m == nil {
			return 0
		}
		return plainNumber(m[1])
	}
	all := total("/list/trial.letter")
	if all < 40 {
		t.Fatalf("%d letters", all)
	}
	sum := 0
	for _, st := range []string{"received", "refused", "working", "testing", "settled", "ended"} {
		sum += total("/list/trial.letter?state=" + st)
	}
	if sum != all {
		t.Errorf("states add up to %d, all are %d", sum, all)
	}
	for _, path := range []string{"?sort=due", "?sort=number&asc=1", "?due=over", "?area=330902", "?q=海鲜", "?f.channel=window", "?from=2023-03-01&to=2023-05-01", "?col=amount&col=channel&col=state"} {
		if n := total("/list/trial.letter" + path); n == 0 || n > all {
			t.Errorf("%s: %d", path, n)
		}
	}
	if _, body := d.get("/list/trial.letter?col=amount&col=sender"); !strings.Contains(body, "争议金额") || strings.Contains(body, "来信人</th>") {
		t.Error("columns: the sealed one must not be offered")
	}
	d.who = person(d.bureau, "5", "complaint_handler", "330921")
	if n := total("/list/trial.letter"); n == 0 || n >= all || n != total("/list/trial.letter?area=330921") {
		t.Errorf("a county's handler sees %d of %d", n, all)
	}
	d.who = person(d.bureau, "6", "system_admin", "330900")
	if code, _ := d.get("/list/trial.letter"); code != 403 {
		t.Errorf("the system administrator: %d", code)
	}
}

// TestBulk: a preview does nothing; each row tells what would happen, then what
// did; sent twice, it is done once.
func TestBulk(t *testing.T) {
	d := openDesk(t)
	_, body := d.get("/list/trial.letter?sort=due")
	var refs []string
	for _, m := range refBox.FindAllStringSubmatch(body, -1) {
		refs = append(refs, m[1])
	}
	if len(refs) < 5 {
		t.Fatalf("%d rows", len(refs))
	}
	v := url.Values{"_action": {"accept"}, "_ref": refs}
	code, body, _ := d.post("/list/trial.letter/bulk", v)
	if code != 200 || !strings.Contains(body, "尚未办理") || !strings.Contains(body, "已受理") {
		t.Fatalf("preview: %d", code)
	}
	could := regexp.MustCompile(`可办 (\d+) 条`).FindStringSubmatch(body)[1]
	before, _ := d.get("/cases/" + refs[0])
	_ = before
	v.Set("_batch", regexp.MustCompile(`name="_batch" value="([^"]+)"`).FindStringSubmatch(body)[1])
	v.Set("_filled", "1")
	v.Set("_do", "1")
	_, body, _ = d.post("/list/trial.letter/bulk", v)
	if !strings.Contains(body, "已办理 "+could+" 条") {
		t.Fatalf("did not do the %s that could be done", could)
	}
	_, body, _ = d.post("/list/trial.letter/bulk", v)
	if !strings.Contains(body, "已办理 "+could+" 条") {
		t.Errorf("sent again: %v, first %s\n%s", regexp.MustCompile(`已办理 \d+ 条，未办理 \d+ 条`).FindString(body), could, problemsIn(body))
	}
}
