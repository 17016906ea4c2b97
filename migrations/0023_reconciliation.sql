CREATE TABLE "reconciliation_findings" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "reconciliation_findings_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"reconciliation_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"action" text NOT NULL,
	"order_id" text,
	"sku" text,
	"intent_id" text,
	CONSTRAINT "reconciliation_findings_once" UNIQUE NULLS NOT DISTINCT("reconciliation_id","kind","order_id","sku","intent_id"),
	CONSTRAINT "reconciliation_findings_kind" CHECK ("reconciliation_findings"."kind" in ('missing_order_row', 'orphan_intent', 'captured_not_paid', 'paid_not_captured', 'part_capture', 'ledger_gap', 'sold_without_order', 'order_without_units', 'refund_only_at_stripe', 'refund_only_here', 'dispute_unseen', 'units_returned_twice'))
);
--> statement-breakpoint
CREATE TABLE "reconciliations" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"scope" text NOT NULL,
	"since" timestamp (3) with time zone,
	"status" text NOT NULL,
	"step" integer DEFAULT 0 NOT NULL,
	"cursor" jsonb NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "reconciliations_scope" CHECK ("reconciliations"."scope" in ('full', 'since', 'resync')),
	CONSTRAINT "reconciliations_status" CHECK ("reconciliations"."status" in ('running', 'done', 'failed'))
);
--> statement-breakpoint
ALTER TABLE "stock_ledger" DROP CONSTRAINT "stock_ledger_kind";--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "listed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "reconciliation_findings" ADD CONSTRAINT "reconciliation_findings_reconciliation_id_reconciliations_id_fk" FOREIGN KEY ("reconciliation_id") REFERENCES "public"."reconciliations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reconciliations_newest" ON "reconciliations" USING btree ("started_at" DESC NULLS FIRST);--> statement-breakpoint
ALTER TABLE "stock_ledger" ADD CONSTRAINT "stock_ledger_kind" CHECK ("stock_ledger"."kind" in ('received', 'adjusted', 'held', 'released', 'expired', 'committed', 'settled', 'taken_back', 'returned', 'restored'));