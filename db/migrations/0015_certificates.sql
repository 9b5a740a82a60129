-- What certificates are signed with (Ed25519). The newest whose private key this installation can open signs; all stay published.
create table certificate_keys (
  kid text primary key,              -- RFC 7638 thumbprint of the public key
  public_key text not null,          -- `x` of its JWK (RFC 8037)
  sealed_private_key bytea not null, -- under the secret of the access tokens
  created_at timestamptz not null
);

-- What was true when the course was completed, and stays so whatever happens to the course or the person's name.
create table certificates (
  id uuid primary key,
  enrollment_id uuid not null,
  user_id uuid not null references users,
  course_id uuid not null references courses,
  code text not null check (code ~ '^[0-9A-HJKMNP-TV-Z]{26}$'),
  school text not null,
  holder text not null,
  course_title text not null,
  completed_at timestamptz not null,
  issued_at timestamptz not null,
  token text not null,               -- the signed claims, a JWS in compact form
  revoked_at timestamptz,
  revoke_reason text,
  -- one for each enrollment, however often its completion is told
  constraint certificates_enrollment unique (enrollment_id),
  constraint certificates_of_enrollment foreign key (enrollment_id) references enrollments,
  constraint certificates_code unique (code),
  check ((revoked_at is null) = (revoke_reason is null))
);
create index certificates_of_user on certificates (user_id, id);
create index certificates_of_course on certificates (course_id, id);
