DROP INDEX "dead_letters_open";--> statement-breakpoint
ALTER TABLE "dead_letters" ADD COLUMN "discarded_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "dead_letters" ADD COLUMN "discarded_by" text;--> statement-breakpoint
ALTER TABLE "dead_letters" ADD COLUMN "discard_reason" text;--> statement-breakpoint
CREATE INDEX "dead_letters_by_age" ON "dead_letters" USING btree ("stored_at");--> statement-breakpoint
CREATE INDEX "dead_letters_open" ON "dead_letters" USING btree ("stored_at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE "dead_letters"."replayed_at" is null and "dead_letters"."discarded_at" is null;--> statement-breakpoint
ALTER TABLE "dead_letters" ADD CONSTRAINT "dead_letters_discarded" CHECK (("dead_letters"."discarded_at" is null) = ("dead_letters"."discarded_by" is null)
        and ("dead_letters"."discarded_at" is null) = ("dead_letters"."discard_reason" is null)
        and ("dead_letters"."discarded_at" is null or "dead_letters"."replayed_at" is null));