-- What a client does before the first session of a type: documents to accept, and the intake form.
alter table session_types add column waits_for jsonb not null
    default '["CONSENT", "PRIVACY", "FEES", "COMMUNICATION", "INTAKE_FORM"]';
