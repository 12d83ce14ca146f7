package epcis

// check looks for what an event must have.
func (b *binder) check(e *Event, n *Node, path string, has map[string]bool) {
	need := func(ok bool, what string) {
		if !ok {
			b.add(path, n.pos, "%s is missing", what)
		}
	}
	need(has["eventTime"], "eventTime")
	need(has["eventTimeZoneOffset"], "eventTimeZoneOffset")
	if e.Type != TransformationEvent {
		need(has["action"], "action")
	}
	sensed := len(e.Sensors) > 0
	switch e.Type {
	case ObjectEvent:
		need(len(e.EPCs)+len(e.Quantities) > 0 || sensed, "epcList, quantityList or sensorElementList")
	case AggregationEvent, AssociationEvent:
		need(e.ParentID != "" || e.Action == Observe, "parentID")
		need(len(e.ChildEPCs)+len(e.ChildQuantities) > 0 || e.Action == Delete || sensed, "childEPCs or childQuantityList")
	case TransactionEvent:
		need(len(e.BizTransactions) > 0, "bizTransactionList")
		need(len(e.EPCs)+len(e.Quantities) > 0 || e.ParentID != "", "epcList, quantityList or parentID")
	case TransformationEvent:
		in, out := len(e.InputEPCs)+len(e.InputQuantities), len(e.OutputEPCs)+len(e.OutputQuantities)
		need(in > 0 || e.TransformationID != "" && out > 0, "inputEPCList or inputQuantityList")
		need(out > 0 || e.TransformationID != "" && in > 0, "outputEPCList or outputQuantityList")
	}
}

// Validate checks an event that was made in memory as if it had been read.
func (e *Event) Validate() error {
	var b binder
	n := e.node()
	b.event(&n, "")
	return b.err()
}
