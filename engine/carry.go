package engine

import (
	"github.com/dinghai/dinghai/domain"
)

// carry takes sealed values over from the record whose action opens this one:
// opened and sealed anew under this record's key, so that erasing one leaves the
// other as it is. What was erased by then stays behind.
func (s *step) carry() error {
	if len(s.cmd.Carry) == 0 || !s.cmd.Actor.System {
		return nil
	}
	from, err := s.d.load(s.cmd.Parent)
	if err != nil || from == nil {
		return err
	}
	for _, name := range keysOf(s.cmd.Carry) {
		f, source := s.kind.FieldOf(name), s.cmd.Carry[name]
		v, err := s.unseal(from.Ref, source, from.Fields[source])
		if err != nil {
			return err
		}
		if f == nil || !f.Sealed() || blank(v) {
			continue
		}
		sealed, err := s.seal(f, v)
		if err != nil {
			return err
		}
		s.pending = append(s.pending, fieldValue{name, sealed})
	}
	return nil
}

// unseal opens a value of another record, whose key may not be in the vault
// yet; nil when it was destroyed.
func (s *step) unseal(ref domain.Ref, field string, v any) (any, error) {
	key := s.d.newKey(ref.String())
	if key == nil || !IsSealed(v) {
		v, _, err := s.e.Unseal(s.ctx, ref, field, v)
		return v, err
	}
	return openValue(key, ref.String()+"/"+field, v.(string))
}
