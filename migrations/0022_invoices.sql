CREATE TABLE "invoice_series" (
	"series" text PRIMARY KEY NOT NULL,
	"last_sequence" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "invoices" (
	"number" text PRIMARY KEY NOT NULL,
	"series" text NOT NULL,
	"sequence" integer NOT NULL,
	"kind" text NOT NULL,
	"order_id" text NOT NULL,
	"refund_id" text DEFAULT '' NOT NULL,
	"issued_at" timestamp (3) with time zone NOT NULL,
	"retain_until" timestamp (3) with time zone NOT NULL,
	"document" jsonb,
	CONSTRAINT "invoices_sequence" UNIQUE("series","sequence"),
	CONSTRAINT "invoices_once" UNIQUE("order_id","kind","refund_id"),
	CONSTRAINT "invoices_kind" CHECK ("invoices"."kind" in ('invoice', 'credit_note')),
	CONSTRAINT "invoices_refund" CHECK (("invoices"."kind" = 'credit_note') = ("invoices"."refund_id" <> '')),
	CONSTRAINT "invoices_sequence_positive" CHECK ("invoices"."sequence" > 0)
);
--> statement-breakpoint
CREATE INDEX "invoices_retained" ON "invoices" USING btree ("retain_until") WHERE "invoices"."document" is not null;