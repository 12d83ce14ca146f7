package web

import (
	"strings"
	"testing"
)

// TestNearNumber: the words around a number never cut another number, and say
// where the line goes on.
func TestNearNumber(t *testing.T) {
	for _, c := range []struct{ text, number, want string }{
		{"截至11月15日，全市共收到投诉举报50件，初查按期率66.67%，挽回损失7225元，受邀参加论坛3场。", "50", "截至11月15日，全市共收到投诉举报50件，初查按期率66.67%，挽回损失7225…"},
		{"截至11月15日，全市共收到投诉举报50件，初查按期率66.67%，挽回损失7225元，受邀参加论坛3场。", "3", "…66.67%，挽回损失7225元，受邀参加论坛3场。"},
		{"上一行12件\n共50件\n下一行", "50", "共50件"},
		{"In the year 2,400 complaints were closed in time", "2,400", "In the year 2,400 complaints were closed…"},
	} {
		from := strings.LastIndex(c.text, c.number)
		if got := near(c.text, from, from+len(c.number)); got != c.want {
			t.Errorf("%s: got %s, want %s", c.number, got, c.want)
		}
	}
}
