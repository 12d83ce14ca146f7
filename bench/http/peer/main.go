// Command peer is PocketBase with one collection, complaints of twelve fields,
// and the durability the bench compares with: synchronous FULL. It has its own
// module, so that nothing of it is linked into the product.
package main

import (
	"log"
	"os"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
)

// durable opens a database as PocketBase does, but with every commit on the disk.
func durable(path string) (*dbx.DB, error) {
	pragmas := "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)"
	return dbx.Open("sqlite", path+pragmas)
}

func main() {
	app := pocketbase.NewWithConfig(pocketbase.Config{DefaultDataDir: os.Args[1], DBConnect: durable, HideStartBanner: true})
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if err := collection(e.App); err != nil {
			return err
		}
		return e.Next()
	})
	os.Args = []string{os.Args[0], "serve", "--http", os.Args[2]} // it looks there for what to do
	if err := app.Start(); err != nil {
		log.Fatal(err)
	}
}

// collection makes the complaints: open to anybody, indexed as ours are.
func collection(app core.App) error {
	if _, err := app.FindCollectionByNameOrId("complaints"); err == nil {
		return nil
	}
	anybody := ""
	c := core.NewBaseCollection("complaints")
	c.ListRule, c.ViewRule, c.CreateRule = &anybody, &anybody, &anybody
	for _, name := range []string{"number", "area", "trader", "facts", "name", "phone", "email", "address", "problem", "demand"} {
		c.Fields.Add(&core.TextField{Name: name})
	}
	c.Fields.Add(&core.SelectField{Name: "state", MaxSelect: 1, Values: []string{"received", "accepted", "mediating", "closed"}})
	c.Fields.Add(&core.DateField{Name: "received"})
	c.AddIndex("complaints_number", true, "number", "")
	c.AddIndex("complaints_area", false, "area, state, received", "")
	return app.Save(c)
}
