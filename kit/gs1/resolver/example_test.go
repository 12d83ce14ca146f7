package resolver_test

import (
	"fmt"
	"net/http/httptest"

	"github.com/dinghai/dinghai/kit/gs1/resolver"
)

func Example() {
	var store resolver.Memory
	err := store.Put(resolver.Entry{
		Anchor:      "/01/06901234567892",
		Description: "Longjing tea, 100 g",
		Links: []resolver.Link{
			{Type: resolver.Namespace + "pip", Href: "https://tea.example/longjing", Title: "About this tea"},
			{Type: resolver.DefaultLink, Href: "https://tea.example/longjing", Title: "About this tea"},
			{Type: resolver.Namespace + "recallStatus", Href: "https://recall.example/tea", Title: "Recalls"},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	h, err := resolver.New(&store, resolver.Description{Name: "Example", ResolverRoot: "https://id.example.com"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, path := range []string{"/01/06901234567892/10/LOT7", "/01/06901234567892?linkType=gs1:recallStatus", "/01/06901234567893"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		fmt.Println(w.Code, w.Header().Get("Location"))
	}
	// Output:
	// 307 https://tea.example/longjing
	// 307 https://recall.example/tea?linkType=gs1:recallStatus
	// 400
}
