"""The record's files for machines, under ``/record/`` and ``/fiction/record/``, the same in every language."""

from django.urls import path

from comity.record import exports, serving, views
from comity.record.signing import serving as signing

urlpatterns = [
    path("", exports.contents, name="record-files"),
    path("checkpoint", serving.checkpoint, name="record-checkpoint"),
    path("disclosures.jsonl", exports.disclosures_file, name="record-disclosures"),
    path("tile/<path:rest>", serving.tile, name="record-tile"),
    path("policy", serving.policy, name="record-policy"),
    path("vkeys", serving.vkeys, name="record-vkeys"),
    path("controllers", serving.controllers, name="record-controllers"),
    path("proof/<int:index>.tlog-proof", serving.proof, name="record-tlog-proof"),
    path("allowed_signers", signing.allowed_signers, name="record-allowed-signers"),
    path("signatures/<str:name>", signing.signed_file, name="record-signed-file"),
    path("disclosed/<int:index>.json", views.disclosed_file, name="record-disclosed"),
    path("evidence/<int:index>.zip", views.evidence_file, name="record-evidence"),
    path("copy.zip", exports.copy_file, name="record-copy"),
    path("<int:ended>/checkpoint", serving.checkpoint, name="record-ended-checkpoint"),
    path("<int:ended>/tile/<path:rest>", serving.tile, name="record-ended-tile"),
    path("<int:ended>/policy", serving.policy, name="record-ended-policy"),
    path("<int:ended>/vkeys", serving.vkeys, name="record-ended-vkeys"),
    path("<int:ended>/controllers", serving.controllers, name="record-ended-controllers"),
    path("comity_verify.py", exports.verifier_file, name="record-verifier"),
]
