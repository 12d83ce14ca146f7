package format_test

import (
	"testing"
	"time"

	"github.com/dinghai/dinghai/web/format"
)

func TestNumbers(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{format.Int(0), "0"},
		{format.Int(999), "999"},
		{format.Int(1000), "1,000"},
		{format.Int(-1234567), "-1,234,567"},
		{format.Value(4878, 0), "4,878"},
		{format.Value(2.7675, 0), "2.77"},
		{format.Value(25.94, 1), "25.9"},
		{format.Money(0), "0.00"},
		{format.Money(5), "0.05"},
		{format.Money(-123456789), "-1,234,567.89"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %s, want %s", tt.got, tt.want)
		}
	}
}

func TestDates(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{format.Day("2023-11-18", "zh"), "2023年11月18日"},
		{format.Day("2023-11-18", "en"), "18 November 2023"},
		{format.Day("", "zh"), "—"},
		{format.ShortDay("2024-07-12", "2024-07-01", "zh"), "7月12日(周五)"},
		{format.ShortDay("2024-07-12", "2023-07-01", "en"), "Fri 12 Jul 2024"},
		{format.Moment(time.Date(2023, 11, 18, 20, 5, 0, 0, time.UTC)), "2023-11-19 04:05"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %s, want %s", tt.got, tt.want)
		}
	}
}
