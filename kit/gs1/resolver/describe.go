package resolver

import "encoding/json"

// Description is the resolver description file, /.well-known/gs1resolver.
type Description struct {
	Name         string   // of the resolver
	ResolverRoot string   // web address under which it answers, "https://id.example.com"
	Keys         []string // primary keys that it serves; none means all
	Contact      Contact
	Terms        string            // web address of the terms of use
	Namespaces   map[string]string // further link type vocabularies: prefix to web address
}

// Contact tells who runs the resolver.
type Contact struct {
	Name      string `json:"fn,omitempty"`
	Address   string `json:"hasAddress,omitempty"`
	Telephone string `json:"hasTelephone,omitempty"`
	Email     string `json:"hasEmail,omitempty"`
}

type vocabulary struct {
	Namespace string `json:"namespace"`
	Prefix    string `json:"prefix"`
}

func (d *Description) document() ([]byte, error) {
	if d.Name == "" {
		return nil, &Error{"/name", "missing"}
	}
	keys := d.Keys
	if keys == nil {
		keys = []string{"all"}
	}
	vocabularies := []vocabulary{{Namespace, "gs1:"}}
	for _, prefix := range sortedKeys(d.Namespaces) {
		vocabularies = append(vocabularies, vocabulary{d.Namespaces[prefix], prefix + ":"})
	}
	return json.MarshalIndent(struct {
		Name         string       `json:"name"`
		Root         string       `json:"resolverRoot"`
		Keys         []string     `json:"supportedPrimaryKeys"`
		Vocabularies []vocabulary `json:"supportedLinkType"`
		Terms        string       `json:"termsOfUse,omitempty"`
		Contact      Contact      `json:"contact"`
		Languages    bool         `json:"supportsLanguageVariants"`
		Defaults     bool         `json:"linkTypeDefaultCanBeLinkset"`
		Combinations bool         `json:"validatesAIcombinations"`
	}{d.Name, d.ResolverRoot, keys, vocabularies, d.Terms, d.Contact, true, false, false}, "", "  ")
}
