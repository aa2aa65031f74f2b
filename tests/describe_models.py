"""Tiny models of the real classes, made from their configurations and saved; they know nothing."""

import json
import string
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def save_listener(folder: Path, tags: Sequence[str] = ("Speech", "Music", "Guitar")) -> Path:
    """Save an audio spectrogram transformer with the preparation of its sound."""
    import torch
    from transformers import ASTConfig, ASTFeatureExtractor, ASTForAudioClassification

    torch.manual_seed(0)
    config = ASTConfig(**_small(), max_length=128, num_mel_bins=32, id2label=dict(enumerate(tags)))
    ASTForAudioClassification(config).save_pretrained(folder)
    ASTFeatureExtractor(num_mel_bins=32, max_length=128).save_pretrained(folder)
    return folder


def save_reader(
    folder: Path, moods: Sequence[str] = ("NEUTRAL", "POSITIVE", "NEGATIVE"), *, seed: int = 0
) -> Path:
    """Save a BERT that classifies texts, with a tokenizer of single letters of three scripts."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    tokenizer = _save_letters(folder)
    torch.manual_seed(seed)
    config = BertConfig(
        **_small(),
        vocab_size=len(tokenizer),
        max_position_embeddings=64,
        id2label=dict(enumerate(moods)),
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def save_detector(folder: Path, labels: Sequence[str] = ("person", "cat")) -> Path:
    """Save a DETR on a timm backbone without weights, with the preparation of its pictures."""
    import torch
    from transformers import DetrConfig, DetrForObjectDetection, DetrImageProcessor

    torch.manual_seed(0)
    config = DetrConfig(
        use_timm_backbone=True,
        use_pretrained_backbone=False,
        backbone="resnet18",
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        num_queries=5,
        id2label=dict(enumerate(labels)),
    )
    DetrForObjectDetection(config).save_pretrained(folder)
    size = {"shortest_edge": 64, "longest_edge": 96}
    DetrImageProcessor(size=size).save_pretrained(folder)
    return folder


def save_writer(folder: Path) -> Path:
    """Save a Llama with a tokenizer of letters and a template of its messages."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=_save_letters(folder).backend_tokenizer,
        model_input_names=["input_ids", "attention_mask"],
        **{"bos_token": "[CLS]", "eos_token": "[SEP]", "unk_token": "[UNK]"},
    )
    tokenizer.chat_template = (
        "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}"
    )
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=4096,
        bos_token_id=2,
        eos_token_id=3,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


def settings_file(path: Path, **tables: dict[str, object]) -> Path:
    """Write a describe.toml."""
    lines: list[str] = []
    for name, table in tables.items():
        lines += [f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in table.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _toml(value: object) -> str:
    return json.dumps(str(value) if isinstance(value, Path) else value)


def _small() -> dict[str, Any]:
    return {
        "hidden_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 16,
    }


def _save_letters(folder: Path) -> Any:  # noqa: ANN401 - of transformers
    """Save a tokenizer of single letters of three scripts."""
    from transformers import BertTokenizer

    letters = string.ascii_lowercase + "абвгдежзийклмнопрстуфхцчшщъыьэюя" + "あいうえおかきくけこ"
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]
    vocabulary += [f"##{letter}" for letter in letters]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    tokenizer = BertTokenizer(str(folder / "vocab.txt"), model_max_length=64)
    tokenizer.save_pretrained(folder)
    return tokenizer
