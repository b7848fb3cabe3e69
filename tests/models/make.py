#!/usr/bin/python3
"""Makes tiny GGUF models with random weights, one of every architecture that users' models have, a LoRA adapter and
a picture encoder.

    tests/models/make.py GGUF_PY VOCABULARY.gguf OUT

GGUF_PY: the folder of llama.cpp's Python package; VOCABULARY.gguf: a model whose tokenizer the tiny ones get. They write
nonsense; what they prove is that their architecture loads, runs, obeys grammars, takes adapters and sees.
"""
import pathlib
import sys

import numpy as np
from PIL import Image

sys.path.insert(0, sys.argv[1])
import gguf

WIDTH, HEADS, KV_HEADS, HEAD, FEED, LAYERS = 64, 4, 2, 16, 128, 2
EXPERTS, EXPERTS_USED, EXPERT_FEED = 4, 2, 32
RANK = 4
CHATML = ("{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
          "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}")
ARCHITECTURES = ("llama", "qwen2", "qwen2vl", "qwen3", "qwen3moe")


def weights(rng, *shape):
    return (rng.standard_normal(shape) * 0.3).astype(np.float32)


def copy_tokenizer(reader, writer):
    """Every tokenizer field of the vocabulary, with its own type."""
    for field in reader.fields.values():
        if not field.name.startswith("tokenizer.ggml."):
            continue
        kind = field.types[0]
        if kind == gguf.GGUFValueType.ARRAY:
            writer.add_array(field.name, field.contents())
        else:
            writer.add_key_value(field.name, field.contents(), kind)
    writer.add_chat_template(CHATML)


def add_settings(writer, arch):
    writer.add_context_length(512)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(10000.0)
    writer.add_rope_dimension_count(HEAD)
    if arch == "qwen2vl":
        writer.add_rope_dimension_sections([2, 3, 3, 0])
    if arch == "qwen3moe":
        writer.add_expert_count(EXPERTS)
        writer.add_expert_used_count(EXPERTS_USED)
        writer.add_expert_feed_forward_length(EXPERT_FEED)


def add_layer(writer, rng, arch, layer):
    def add(name, *shape):
        writer.add_tensor(f"blk.{layer}.{name}", weights(rng, *shape))

    def add_ones(name, size):
        writer.add_tensor(f"blk.{layer}.{name}", np.ones(size, dtype=np.float32))

    add_ones("attn_norm.weight", WIDTH)
    add("attn_q.weight", HEADS * HEAD, WIDTH)
    add("attn_k.weight", KV_HEADS * HEAD, WIDTH)
    add("attn_v.weight", KV_HEADS * HEAD, WIDTH)
    add("attn_output.weight", WIDTH, HEADS * HEAD)
    if arch in ("qwen2", "qwen2vl"):
        add("attn_q.bias", HEADS * HEAD)
        add("attn_k.bias", KV_HEADS * HEAD)
        add("attn_v.bias", KV_HEADS * HEAD)
    if arch.startswith("qwen3"):
        add_ones("attn_q_norm.weight", HEAD)
        add_ones("attn_k_norm.weight", HEAD)
    add_ones("ffn_norm.weight", WIDTH)
    if arch == "qwen3moe":
        add("ffn_gate_inp.weight", EXPERTS, WIDTH)
        add("ffn_gate_exps.weight", EXPERTS, EXPERT_FEED, WIDTH)
        add("ffn_up_exps.weight", EXPERTS, EXPERT_FEED, WIDTH)
        add("ffn_down_exps.weight", EXPERTS, WIDTH, EXPERT_FEED)
    else:
        add("ffn_gate.weight", FEED, WIDTH)
        add("ffn_up.weight", FEED, WIDTH)
        add("ffn_down.weight", WIDTH, FEED)


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def make_model(reader, out, arch, seed):
    rng = np.random.default_rng(seed)
    writer = gguf.GGUFWriter(out / f"{arch}.gguf", arch)
    writer.add_name(f"tiny random {arch}")
    add_settings(writer, arch)
    copy_tokenizer(reader, writer)
    vocabulary = len(reader.fields["tokenizer.ggml.tokens"].data)
    writer.add_tensor("token_embd.weight", weights(rng, vocabulary, WIDTH).astype(np.float16))
    writer.add_tensor("output_norm.weight", np.ones(WIDTH, dtype=np.float32))
    for layer in range(LAYERS):
        add_layer(writer, rng, arch, layer)
    finish(writer)


def make_adapter(out, arch, seed):
    rng = np.random.default_rng(seed)
    writer = gguf.GGUFWriter(out / f"{arch}-lora.gguf", arch)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", 16.0)
    for layer in range(LAYERS):
        writer.add_tensor(f"blk.{layer}.attn_q.weight.lora_a", weights(rng, RANK, WIDTH))
        writer.add_tensor(f"blk.{layer}.attn_q.weight.lora_b", weights(rng, HEADS * HEAD, RANK))
    finish(writer)


def make_picture_encoder(out, seed):
    """A vision tower in the form of Qwen2.5-VL's, for the tiny qwen2vl: 8 x 8 patches, merged two by two."""
    rng = np.random.default_rng(seed)
    writer = gguf.GGUFWriter(out / "qwen2vl-mmproj.gguf", "clip")
    width, feed, heads, patch = 32, 48, 2, 8
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_string("clip.projector_type", "qwen2.5vl_merger")
    writer.add_bool("clip.use_silu", True)
    for key, value in (("image_size", 64), ("patch_size", patch), ("embedding_length", width), ("feed_forward_length", feed),
                       ("block_count", LAYERS), ("projection_dim", WIDTH), ("attention.head_count", heads), ("n_wa_pattern", 2)):
        writer.add_uint32(f"clip.vision.{key}", value)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-6)
    writer.add_array("clip.vision.image_mean", [0.5, 0.5, 0.5])
    writer.add_array("clip.vision.image_std", [0.25, 0.25, 0.25])
    for name in ("v.patch_embd.weight", "v.patch_embd.weight.1"):
        writer.add_tensor(name, weights(rng, width, 3, patch, patch))
    for layer in range(LAYERS):
        for name, shape in (("attn_q", (width, width)), ("attn_k", (width, width)), ("attn_v", (width, width)), ("attn_out", (width, width)),
                            ("ffn_gate", (feed, width)), ("ffn_up", (feed, width)), ("ffn_down", (width, feed))):
            writer.add_tensor(f"v.blk.{layer}.{name}.weight", weights(rng, *shape))
            writer.add_tensor(f"v.blk.{layer}.{name}.bias", weights(rng, shape[0]))
        for name in ("ln1", "ln2"):
            writer.add_tensor(f"v.blk.{layer}.{name}.weight", np.ones(width, dtype=np.float32))
    writer.add_tensor("v.post_ln.weight", np.ones(width, dtype=np.float32))
    for number, size in ((0, width * 4), (2, WIDTH)):
        writer.add_tensor(f"mm.{number}.weight", weights(rng, size, width * 4))
        writer.add_tensor(f"mm.{number}.bias", weights(rng, size))
    finish(writer)


def make_pictures(out):
    for name, colour in (("red", lambda x, y: (200, 30, 30)), ("stripes", lambda x, y: (255, 255, 255) if x // 8 % 2 else (0, 0, 90))):
        picture = Image.new("RGB", (64, 48))
        picture.putdata([colour(x, y) for y in range(48) for x in range(64)])
        picture.save(out / f"{name}.png")


def main():
    reader = gguf.GGUFReader(sys.argv[2])
    out = pathlib.Path(sys.argv[3])
    out.mkdir(parents=True, exist_ok=True)
    for seed, arch in enumerate(ARCHITECTURES):
        make_model(reader, out, arch, seed)
    make_adapter(out, "llama", 100)
    make_picture_encoder(out, 200)
    make_pictures(out)
    # A model that the picture encoder does not fit.
    wide = out / "wide.gguf"
    wide.unlink(missing_ok=True)
    wide.symlink_to(sys.argv[2])


main()
