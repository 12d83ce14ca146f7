package app

import (
	"path/filepath"
	"time"

	"github.com/dinghai/dinghai/jobs/notify"
)

// noticeFlags say how people and systems outside are told.
type noticeFlags struct {
	SMTP     string            `name:"smtp" help:"mail server notices go through, smtp://user:password@host:587 or smtps://…; better given by the environment. Without it they are written to files" env:"DINGHAI_SMTP" placeholder:"URL"`
	MailFrom string            `name:"mail-from" help:"sender of e-mail" env:"DINGHAI_MAIL_FROM" placeholder:"ADDR"`
	SMS      string            `name:"sms" help:"gateway short messages are posted to, signed as webhooks are; without it they are written to files" env:"DINGHAI_SMS" placeholder:"URL"`
	Hook     map[string]string `name:"hook" help:"addresses of other systems by the name a matter tells them under, e.g. tax=https://tax.example/notices" env:"DINGHAI_HOOK" placeholder:"NAME=URL"`
}

// outgoing is where messages are written while nothing sends them.
func (a *App) outgoing(channel string) notify.File {
	return notify.File{Dir: filepath.Join(a.Data, "outgoing", channel)}
}

// outgoingDays is how long they stay there: they hold addresses in the clear.
const outgoingDays = 7

func (a *App) sweepOutgoing() error {
	before := time.Now().AddDate(0, 0, -outgoingDays)
	for _, c := range []string{notify.Mail, notify.SMS} {
		if err := a.outgoing(c).Sweep(before); err != nil {
			return err
		}
	}
	return nil
}

// configure makes the channels.
func (f *noticeFlags) configure(a *App) error {
	c := a.Notices.Channels
	c[notify.Mail], c[notify.SMS] = a.outgoing(notify.Mail), a.outgoing(notify.SMS)
	if f.SMTP != "" {
		s, err := notify.ParseSMTP(f.SMTP, f.MailFrom)
		if err != nil {
			return usage("--smtp, --mail-from: %v", err)
		}
		c[notify.Mail] = s
	}
	if f.SMS == "" && len(f.Hook) == 0 {
		return nil
	}
	ring, err := notify.KeyFile(filepath.Join(a.Data, "webhook.key"))
	if err != nil {
		return err
	}
	if f.SMS != "" {
		if err := notify.ParseEnd(f.SMS); err != nil {
			return usage("--sms: %v", err)
		}
		c[notify.SMS] = &notify.Webhook{Any: f.SMS, Ring: ring}
	}
	for name, end := range f.Hook {
		if err := notify.ParseEnd(end); err != nil {
			return usage("--hook %s: %v", name, err)
		}
	}
	c[notify.Hook] = &notify.Webhook{Ends: f.Hook, Ring: ring}
	return nil
}
