-- What became of a purchase, and all that an enrollment ever rested on.
create index enrollment_entitlements_purchase on enrollment_entitlements (reference, id) where source = 'purchase';
create index enrollment_entitlements_enrollment on enrollment_entitlements (enrollment_id, id);
