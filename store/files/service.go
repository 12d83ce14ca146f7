package files

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store"
)

// Table keeps what is on its way in; the stores do.
type Table interface {
	AddUpload(ctx context.Context, u store.Upload, most int) error
	EndUpload(ctx context.Context, id, file, value string) error
	DropUpload(ctx context.Context, id string) (bool, error)
	ClaimFiles(ctx context.Context, files ...string) error
	Upload(ctx context.Context, id string) (*store.Upload, error)
	Uploads(ctx context.Context, before time.Time) ([]store.Upload, error)
}

// Locker encrypts short texts under the platform's own key; the engine does.
type Locker interface {
	Lock(bound, text string) (string, error)
	Unlock(bound, locked string) (text string, ok bool)
}

// Service takes files in and gives them out.
type Service struct {
	Blobs Blobs
	Table Table
	Locks Locker
	Dir   string  // folder of what is arriving; nobody else may read it
	Scan  Scanner // nil = none
	Now   func() time.Time

	busy sync.Map // uploads somebody is writing to
}

// Limits of uploads.
const (
	MaxOpen    = 20             // under way, a person
	unfinished = 24 * time.Hour // then swept
	unclaimed  = 30 * 24 * time.Hour
	// Strangers marks those who upload without signing in; theirs are swept
	// after a day even when whole.
	Strangers = "public:"
)

func (s *Service) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

func (s *Service) path(id string) string { return filepath.Join(s.Dir, id) }

// Announced checks what is known of a file before it arrives.
func announced(name string, size int64, sum string) error {
	switch {
	case size <= 0:
		return wrong("empty", "文件是空的，请重新选择", "the file is empty; choose another")
	case size > domain.MaxFile:
		return domain.Failf(domain.Invalid, "file", "size", "文件超过%d MB，请压缩或者拆分后上传", "the file is larger than %d MB; make it smaller or split it", domain.MaxFile>>20)
	case sum != "" && !isSum.MatchString(sum), len(name) > 4096:
		return wrong("announced", "上传请求有误，请重新选择文件", "the upload was announced wrongly; choose the file again")
	}
	return nil
}

// Begin announces a file of a size in bytes; sum is its SHA-256 in hex or "".
// The id it gives is a secret of whoever uploads.
func (s *Service) Begin(ctx context.Context, person, name string, size int64, sum string) (id string, err error) {
	if err := announced(name, size, sum); err != nil {
		return "", err
	}
	b := make([]byte, 20)
	_, _ = rand.Read(b) // never fails
	id = hex.EncodeToString(b)
	name = domain.CleanFileName(name)
	return id, s.Table.AddUpload(ctx, store.Upload{ID: id, Person: person, At: s.now(), Name: name, Size: size, Sum: sum}, MaxOpen)
}

func (s *Service) find(ctx context.Context, id, person string) (*store.Upload, error) {
	u, err := s.Table.Upload(ctx, id)
	if err == nil && (u == nil || owner(u.Person) != owner(person)) {
		err = domain.Fail(domain.NotFound, "file", "upload", "没有这次上传，可能已经过期，请重新选择文件", "there is no such upload; it may have expired, choose the file again")
	}
	return u, err
}

// owner: strangers change networks while a file is on its way; the id, which
// nobody can guess, is theirs all the same.
func owner(person string) string {
	if strings.HasPrefix(person, Strangers) {
		return Strangers
	}
	return person
}

// Offset tells how many bytes have arrived, and the file's value once it is
// whole.
func (s *Service) Offset(ctx context.Context, id, person string) (offset, size int64, value string, err error) {
	u, err := s.find(ctx, id, person)
	if err != nil {
		return 0, 0, "", err
	}
	if u.File != "" {
		value, ok := s.Locks.Unlock("upload/"+id, u.Value)
		if !ok {
			return 0, 0, "", domain.Fail(domain.NotFound, "file", "upload", "这次上传已经失效，请重新选择文件", "this upload is no longer valid; choose the file again")
		}
		return u.Size, u.Size, value, nil
	}
	st, err := os.Stat(s.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, u.Size, "", nil
	}
	if err != nil {
		return 0, 0, "", err
	}
	return st.Size(), u.Size, "", nil
}

var errOffset = domain.Fail(domain.Conflict, "file", "offset", "续传位置不符，请从已收到的位置继续", "that is not where the upload stopped; go on from there")

// Append adds what comes from an offset on. What arrived before the sender
// broke off is kept. With the last byte the file is checked and stored, and
// its value given.
func (s *Service) Append(ctx context.Context, id, person string, from int64, r io.Reader) (offset int64, value string, err error) {
	if _, other := s.busy.LoadOrStore(id, true); other {
		return 0, "", errOffset
	}
	defer s.busy.Delete(id)
	offset, size, value, err := s.Offset(ctx, id, person)
	if err != nil || value != "" {
		return offset, value, err
	}
	if from != offset {
		return offset, "", errOffset
	}
	n, err := s.write(id, io.LimitReader(r, size-offset+1))
	if offset += n; offset > size {
		s.forget(ctx, id)
		return offset, "", wrong("size", "收到的内容比文件大，请重新上传", "more arrived than the file holds; upload it again")
	}
	if err != nil || offset < size {
		return offset, "", err
	}
	u, err := s.find(ctx, id, person)
	if err != nil {
		return offset, "", err
	}
	value, err = s.finish(ctx, u)
	if code := domain.ErrorCode(err); code == domain.Invalid || code == domain.Refused {
		s.forget(ctx, id)
	}
	return offset, value, err
}

func (s *Service) write(id string, r io.Reader) (int64, error) {
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return 0, err
	}
	f, err := os.OpenFile(s.path(id), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(f, r)
	return n, errors.Join(err, f.Close())
}

func (s *Service) forget(ctx context.Context, id string) {
	ctx = context.WithoutCancel(ctx)
	_ = os.Remove(s.path(id)) // else swept with its row
	_, _ = s.Table.DropUpload(ctx, id)
}

// finish checks a whole file, stores it encrypted and notes its value.
func (s *Service) finish(ctx context.Context, u *store.Upload) (string, error) {
	f, err := os.Open(s.path(u.ID))
	if err != nil {
		return "", err
	}
	defer f.Close()
	typ, err := s.inspect(ctx, f, u)
	if err != nil {
		return "", err
	}
	v := domain.File{Key: newKey(), Size: u.Size, Type: typ, Name: named(u.Name, typ)}
	if v.Sum, err = s.store(ctx, f, v); err != nil {
		return "", err
	}
	locked, err := s.Locks.Lock("upload/"+u.ID, v.String())
	if err == nil {
		err = s.Table.EndUpload(ctx, u.ID, v.Sum, locked)
	}
	if err != nil {
		return "", err
	}
	return v.String(), os.Remove(s.path(u.ID))
}

func (s *Service) inspect(ctx context.Context, f *os.File, u *store.Upload) (string, error) {
	if u.Sum != "" {
		h := sha256.New()
		if _, err := io.Copy(h, io.NewSectionReader(f, 0, u.Size)); err != nil {
			return "", err
		}
		if hex.EncodeToString(h.Sum(nil)) != u.Sum {
			return "", wrong("sum", "文件在传输中出错，请重新上传", "the file was damaged on its way; upload it again")
		}
	}
	typ, err := Sniff(f, u.Size)
	if err != nil || s.Scan == nil {
		return typ, err
	}
	clean, err := s.Scan.Scan(ctx, f.Name())
	if err != nil {
		return "", domain.Wrap(domain.Unavailable, err)
	}
	if !clean {
		return "", domain.Fail(domain.Refused, "file", "virus", "安全检查没有通过，这个文件可能含有病毒，没有保存", "this file did not pass the virus scan and was not kept")
	}
	return typ, nil
}

// store encrypts into a file beside and hands it to the blobs.
func (s *Service) store(ctx context.Context, f *os.File, v domain.File) (sum string, err error) {
	tmp, err := os.CreateTemp(s.Dir, ".sealed-")
	if err != nil {
		return "", err
	}
	defer os.Remove(tmp.Name())
	h := sha256.New()
	err = seal(io.MultiWriter(tmp, h), io.NewSectionReader(f, 0, v.Size), v)
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return "", err
	}
	sum = hex.EncodeToString(h.Sum(nil))
	return sum, s.Blobs.Put(ctx, sum, tmp.Name())
}

// Take stores a file that comes whole, as a form without script sends it.
func (s *Service) Take(ctx context.Context, person, name string, size int64, r io.Reader) (string, error) {
	id, err := s.Begin(ctx, person, name, size, "")
	if err != nil {
		return "", err
	}
	_, value, err := s.Append(ctx, id, person, 0, r)
	if err == nil && value == "" {
		err = wrong("short", "文件没有完整送达，请重新选择", "the file did not arrive whole; choose it again")
	}
	if err != nil {
		s.forget(ctx, id)
	}
	return value, err
}

// Claim makes files part of a record about to be written, and refuses values
// that are none of ours.
func (s *Service) Claim(ctx context.Context, list ...domain.File) error {
	sums := make([]string, len(list))
	for i, v := range list {
		r, err := s.Open(ctx, v)
		if err != nil {
			return err
		}
		r.Close()
		sums[i] = v.Sum
	}
	return s.Table.ClaimFiles(ctx, sums...)
}

// Open reads a file in the clear. A read error other than io.EOF means that
// what is stored was changed.
func (s *Service) Open(ctx context.Context, v domain.File) (io.ReadCloser, error) {
	src, err := s.Blobs.Get(ctx, v.Sum)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, domain.Fail(domain.NotFound, "file", "stored", "没有这个文件，请重新上传", "there is no such file; upload it again")
	}
	if err != nil {
		return nil, domain.Wrap(domain.Unavailable, err)
	}
	r, err := unseal(src, v)
	if err != nil {
		src.Close()
		if errors.Is(err, errDamaged) {
			err = domain.Fail(domain.NotFound, "file", "stored", "这个文件打不开：内容与登记的不一致", "this file cannot be opened: it is not what was registered")
		}
		return nil, err
	}
	return r, nil
}

// Sweep forgets uploads that never became whole within a day and whole ones
// no record took. It returns how many.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	list, err := s.Table.Uploads(ctx, s.now().Add(-unfinished))
	if err != nil {
		return 0, err
	}
	n := 0
	for _, u := range list {
		if u.File != "" && !strings.HasPrefix(u.Person, Strangers) && s.now().Sub(u.At) < unclaimed {
			continue
		}
		gone, err := s.Table.DropUpload(ctx, u.ID)
		if err == nil && gone {
			n++
			if err = os.Remove(s.path(u.ID)); errors.Is(err, fs.ErrNotExist) {
				err = nil
			}
			if u.File != "" {
				err = errors.Join(err, s.Blobs.Drop(ctx, u.File))
			}
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}
