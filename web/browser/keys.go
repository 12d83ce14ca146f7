package browser

import (
	"fmt"

	"github.com/chromedp/cdproto/input"
)

// keys are what people use who have no mouse.
var keys = map[string]input.DispatchKeyEventParams{
	"Tab":       {Code: "Tab", WindowsVirtualKeyCode: 9},
	"Enter":     {Code: "Enter", WindowsVirtualKeyCode: 13, Text: "\r"},
	" ":         {Code: "Space", WindowsVirtualKeyCode: 32, Text: " "},
	"ArrowDown": {Code: "ArrowDown", WindowsVirtualKeyCode: 40},
	"Escape":    {Code: "Escape", WindowsVirtualKeyCode: 27},
}

// Key presses one key, as a keyboard does: a page that keeps the press to
// itself gets no letter either.
func (t *Tab) Key(name string) error {
	k, known := keys[name]
	if !known {
		return fmt.Errorf("no key %q", name)
	}
	k.Key = name
	for _, k.Type = range []input.DispatchKeyEventType{"keyDown", "keyUp"} {
		if k.Type == "keyUp" {
			k.Text = ""
		}
		if _, err := call(t, input.DispatchKeyEvent, k); err != nil {
			return err
		}
	}
	return nil
}

// Type writes into what has the focus.
func (t *Tab) Type(text string) error {
	_, err := call(t, input.InsertText, input.InsertTextParams{Text: text})
	return err
}
