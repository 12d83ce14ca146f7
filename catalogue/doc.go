// Package catalogue reads everything the bureau does — kinds of record with
// their states, actions and forms, clock rules by date, code lists, roles,
// areas, organs, triggers, indicators — from YAML into checked, unchanging
// definitions. A mistake is reported with file, line and reason and stops the
// start.
package catalogue
