package view

// Notices is what a person was told.
type Notices struct {
	Tabs   []Tab
	Rows   []NoticeRow
	Pager  Pager
	Unread int
	Wishes Wishes
	Saved  bool
}

// NoticeRow is one thing told.
type NoticeRow struct {
	ID, Text, Topic, At, Href, About string
	New, Urgent                      bool
}

// Wishes are the channels a person wants, topic by topic.
type Wishes struct {
	Rows    []WishRow
	Missing []string // channels that cannot reach the person yet
}

// WishRow is one topic.
type WishRow struct {
	Topic, Label string
	Choices      []Option
}

// Outward is what leaves the product, for its administrator.
type Outward struct {
	Admin
	Channels []Pair
	Quiet    string // 21:00-08:00; "" = none
	Dead     []DeadRow
	Rows     []DeliveryRow
	States   []Option
	Failed   int
	Pager    Pager
}

// DeadRow is an address that does not answer.
type DeadRow struct {
	Hash, Channel, Shown, Why, At string
	Of                            Link
}

// DeliveryRow is one delivery.
type DeliveryRow struct {
	ID, At, Channel, Topic, State, Why, Next string
	Of                                       Link
	Failed                                   bool
	Tries                                    int
}

// half gives one end of the quiet hours.
func half(hours string, end int) string {
	if len(hours) != 11 {
		return ""
	}
	return []string{hours[:5], hours[6:]}[end]
}
