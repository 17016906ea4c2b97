CREATE TABLE "order_parcels" (
	"order_id" text NOT NULL,
	"parcel_id" text NOT NULL,
	"position" integer NOT NULL,
	"carrier" text NOT NULL,
	"tracking_number" text NOT NULL,
	"lines" jsonb NOT NULL,
	"shipped_at" timestamp (3) with time zone NOT NULL,
	"delivery_id" text,
	"delivered_at" timestamp (3) with time zone,
	CONSTRAINT "order_parcels_order_id_parcel_id_pk" PRIMARY KEY("order_id","parcel_id"),
	CONSTRAINT "order_parcels_delivery" CHECK (("order_parcels"."delivery_id" is null) = ("order_parcels"."delivered_at" is null))
);
--> statement-breakpoint
ALTER TABLE "order_parcels" ADD CONSTRAINT "order_parcels_order_id_orders_order_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("order_id") ON DELETE no action ON UPDATE no action;