package web

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/dinghai/dinghai/domain"
	"github.com/dinghai/dinghai/store/files"
	"github.com/dinghai/dinghai/web/form"
)

// uploadsAnHour is how many files one network may send without signing in.
const uploadsAnHour = 60

// uploader is under whose name files arrive. Strangers are told apart by
// network, which is not kept in the clear.
func (s *server) uploader(r *request) string {
	if r.sight.Viewer.Known() {
		return r.sight.Viewer.ID
	}
	return files.Strangers + s.Engine.BlindHash("upload", network(s.remote(r.Request)))
}

func (s *server) mayUpload(r *request) error {
	if !r.sight.Viewer.Known() && !s.limit.allow(s.remote(r.Request), "upload", uploadsAnHour) {
		return domain.Fail(domain.Unavailable, "file", "often", "这个网络上传的文件太多，请一小时后再试；也可以先提交，以后凭查询码补充", "too many files from this network; try again in an hour, or send now and add them later with the code")
	}
	return nil
}

// beginUpload announces a file: name, size and, if the sender has it, sum.
func (s *server) beginUpload(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	h.Body = http.MaxBytesReader(w, h.Body, 16<<10)
	err := s.mayUpload(r)
	var id string
	if err == nil {
		size, _ := strconv.ParseInt(h.PostFormValue("size"), 10, 64)
		id, err = s.Files.Begin(h.Context(), s.uploader(r), h.PostFormValue("name"), size, strings.ToLower(h.PostFormValue("sum")))
	}
	if err != nil {
		s.refuseUpload(w, r, err)
		return
	}
	w.Header().Set("Location", "/files/"+id)
	tell(w, http.StatusCreated, map[string]any{"id": id})
}

// uploadState tells how much has arrived.
func (s *server) uploadState(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	offset, size, _, err := s.Files.Offset(h.Context(), h.PathValue("id"), s.uploader(r))
	if err != nil {
		w.WriteHeader(statuses[domain.ErrorCode(err)])
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Upload-Offset", strconv.FormatInt(offset, 10))
	w.Header().Set("Upload-Length", strconv.FormatInt(size, 10))
	w.WriteHeader(http.StatusNoContent)
}

// appendUpload takes a piece of a file from Upload-Offset on; the last one is
// answered with the value for the form.
func (s *server) appendUpload(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	from, err := strconv.ParseInt(h.Header.Get("Upload-Offset"), 10, 64)
	if err != nil || from < 0 {
		s.refuseUpload(w, r, domain.Fail(domain.Invalid, "file", "offset", "上传请求有误，请重新选择文件", "the upload says not where it goes on"))
		return
	}
	offset, value, err := s.Files.Append(h.Context(), h.PathValue("id"), s.uploader(r), from, h.Body)
	w.Header().Set("Upload-Offset", strconv.FormatInt(offset, 10))
	switch {
	case err != nil:
		s.refuseUpload(w, r, err)
	case value == "":
		w.WriteHeader(http.StatusNoContent)
	default:
		f, _ := domain.ParseFile(value) // ours
		tell(w, http.StatusOK, map[string]any{"value": value, "name": f.Name, "size": sizeText(f.Size)})
	}
}

func (s *server) refuseUpload(w http.ResponseWriter, r *request, err error) {
	code := domain.ErrorCode(err)
	if code == domain.Internal && r.Context().Err() == nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		s.Log.Error("upload", "error", err)
	}
	tell(w, statuses[code], map[string]any{"problem": strings.Join(problemTexts(r, err), "；"), "code": code})
}

func tell(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the reader has gone; nothing to tell anyone
}

// takeFiles stores files that came inside a form, under name.file, and adds
// their values to it.
func (s *server) takeFiles(r *request, v url.Values) (bad []domain.Problem) {
	for _, part := range sorted(r.MultipartForm.File) {
		name, ok := strings.CutSuffix(part, ".file")
		if !ok {
			continue
		}
		for _, h := range r.MultipartForm.File[part] {
			if h.Filename == "" && h.Size == 0 {
				continue // nothing was chosen
			}
			value, err := s.takeFile(r, h)
			if err != nil {
				bad = append(bad, fileProblems(name, h.Filename, err)...)
				continue
			}
			v.Add(name, value)
		}
	}
	return bad
}

func (s *server) takeFile(r *request, h *multipart.FileHeader) (string, error) {
	if s.Files == nil {
		return "", noFiles()
	}
	if err := s.mayUpload(r); err != nil {
		return "", err
	}
	f, err := h.Open()
	if err != nil {
		return "", err
	}
	defer f.Close()
	return s.Files.Take(r.Context(), s.uploader(r), h.Filename, h.Size, f)
}

func noFiles() error {
	return domain.Fail(domain.Unavailable, "file", "files", "本系统没有启用文件上传", "files cannot be uploaded here")
}

// fileProblems puts what is wrong with a file at its input.
func fileProblems(field, name string, err error) []domain.Problem {
	var d *domain.Error
	if !errors.As(err, &d) || len(d.Problems) == 0 {
		return []domain.Problem{{Field: field, Rule: "file", Reason: domain.Text{ZH: "文件暂时不能保存，请稍后再试", EN: "the file could not be kept just now; try again"}}}
	}
	list := slices.Clone(d.Problems)
	for i := range list {
		list[i].Field = field
		if n := domain.CleanFileName(name); n != "" {
			list[i].Reason = domain.Text{ZH: "「" + n + "」" + list[i].Reason.ZH, EN: n + ": " + list[i].Reason.EN}
		}
	}
	return list
}

// claimFiles makes the files of a form part of the record about to be written.
// Values that open nothing are refused.
func (s *server) claimFiles(r *request, fields []form.Field, in map[string]any) (bad []domain.Problem) {
	for i := range fields {
		f := &fields[i]
		if f.Type == "rows" {
			list, _ := in[f.Name].([]any)
			for n, x := range list {
				row, _ := x.(map[string]any)
				for _, p := range s.claimFiles(r, f.Columns, row) {
					p.Field = f.Name + "[" + strconv.Itoa(n) + "]." + p.Field
					bad = append(bad, p)
				}
			}
			continue
		}
		if !domain.FileMedia(f.Type) {
			continue
		}
		values, err := parseFiles(in[f.Name])
		if err == nil && len(values) > 0 {
			if s.Files == nil {
				err = noFiles()
			} else {
				err = s.Files.Claim(r.Context(), values...)
			}
		}
		if err != nil {
			bad = append(bad, fileProblems(f.Name, "", err)...)
		}
	}
	return bad
}

// parseFiles reads the value or values of a file field.
func parseFiles(x any) ([]domain.File, error) {
	var list []string
	switch v := x.(type) {
	case string:
		list = []string{v}
	case []string:
		list = v
	case []any:
		for _, y := range v {
			t, _ := y.(string)
			list = append(list, t)
		}
	}
	var out []domain.File
	for _, t := range list {
		f, err := domain.ParseFile(t)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// addSealedFiles keeps the files a sealed field already holds: a form never
// shows them, so it cannot send them back.
func (s *server) addSealedFiles(ctx context.Context, a acting, in map[string]any) map[string]any {
	if a.rec == nil {
		return in
	}
	only := a
	only.form.Fields = slices.DeleteFunc(slices.Clone(a.form.Fields), func(f form.Field) bool { return !f.Sealed || !domain.FileMedia(f.Type) })
	return s.together(ctx, only, in)
}

// download gives a file to those who may see the record, and one of a sealed
// field to those who work on such matters. Every download is recorded first.
func (s *server) download(w http.ResponseWriter, h *http.Request) {
	r := s.request(w, h)
	f, err := s.fileAsked(r)
	var body io.ReadCloser
	if err == nil {
		body, err = s.Files.Open(h.Context(), f)
	}
	if err != nil {
		s.fail(w, h, err)
		return
	}
	defer body.Close()
	how := "attachment"
	if h.URL.Query().Get("show") != "" && f.Image() {
		how = "inline"
	}
	head := w.Header()
	head.Set("Content-Type", domain.FileTypes[f.Type])
	head.Set("Content-Length", strconv.FormatInt(f.Size, 10))
	head.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": f.Name}))
	head.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	head.Set("Cache-Control", "private, no-store")
	if n, err := io.Copy(w, body); err != nil || n != f.Size {
		if h.Context().Err() == nil {
			s.Log.Error("download", "path", h.URL.Path, "error", err)
		}
		panic(http.ErrAbortHandler) // a file cut short must not look whole
	}
}

// fileAsked finds the file an address names and records who asks.
func (s *server) fileAsked(r *request) (domain.File, error) {
	var none domain.File
	ref, err := domain.ParseRef(r.PathValue("ref"))
	if err == nil {
		err = s.signedIn(r)
	}
	if err != nil {
		return none, err
	}
	rec, err := r.sight.Record(r.Context(), ref)
	if err != nil {
		return none, err
	}
	if rec == nil || !strings.HasPrefix(r.URL.Path, address(rec.Class, ref)+"/") {
		return none, notThere()
	}
	k := s.cat.KindAt(rec.Kind, rec.Process)
	f, value := fileField(k, rec, r.PathValue("field"))
	n, err := strconv.Atoi(r.PathValue("n"))
	missing := domain.Fail(domain.NotFound, "file", "exists", "没有这个文件", "there is no such file")
	if f == nil || !domain.FileMedia(f.Type) || err != nil || n < 0 {
		return none, missing
	}
	if f.Sealed() {
		if err := s.mayOpen(r, k, f, rec); err != nil {
			return none, err
		}
	}
	if err := s.logLook(r, "file", ref, r.PathValue("field")+"/"+strconv.Itoa(n)); err != nil {
		return none, err
	}
	v, ok, err := s.Engine.Unseal(r.Context(), ref, f.Field, value)
	if err != nil {
		return none, err
	}
	if !ok {
		return none, domain.Fail(domain.NotFound, "file", "erased", "这个文件已依法删除", "this file has been erased by law")
	}
	list, err := parseFiles(v)
	if err != nil || n >= len(list) {
		return none, missing
	}
	return list[n], nil
}
