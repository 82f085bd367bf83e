using Tclr.Testing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Bindings.Torch.Tests;

[NoTensorLeaks]
public sealed class OptimizerTests
{
    // Name, groups, parameters, the group's options and, per parameter, step, the two means and 'no maxima': the layout of the official library.
    [Test]
    public void The_state_of_Adam_has_the_official_bytes()
    {
        using var p = new Parameter(tensor(new float[] { 1 }));
        using var adam = optim.Adam([p], lr: 0.5);
        const string Mean = "06-01-01-00-00-00-00";

        Assert.That(
            BitConverter.ToString(Saved(adam)),
            Is.EqualTo(
                "04-41-64-61-6D-01-01-00-00-00-00-00-00-E0-3F-00-00-00-00-00-00-E0-3F-CD-CC-CC-CC-CC-CC-EC-3F-2B-87-16-D9-CE-F7-EF-3F-"
                + "3A-8C-30-E2-8E-79-45-3E-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-" + $"{Mean}-{Mean}-00"));
    }

    [Test]
    public void The_state_dictionary_is_alive_and_in_the_order_of_the_groups()
    {
        using var a = new Parameter(tensor(new double[] { 1 }));
        using var b = new Parameter(tensor(new double[] { 2, 3 }));
        using var c = new Parameter(tensor(new double[] { 4, 5, 6 }));
        using var adam = optim.AdamW([new AdamW.ParamGroup([c, a]), new AdamW.ParamGroup([b], new AdamW.Options { LearningRate = 0.25 })], lr: 0.5);
        var dictionary = adam.state_dict();
        AdamW.State[] states = [.. dictionary.State.Cast<AdamW.State>()];
        Assert.That(states.Select(state => state.exp_avg.numel()), Is.EqualTo(new[] { 3, 1, 2 }));
        Assert.That(dictionary.Options.Select(options => options.LearningRate), Is.EqualTo(new double?[] { 0.001, 0.25 }));
        Assert.That(adam.parameters(), Is.EqualTo(new[] { c, a, b }));

        Descend(adam, c);

        Assert.That(states.Select(state => state.step), Is.EqualTo(new[] { 1, 0, 0 }), "without a gradient there is no step");
        Assert.That(states[0].exp_avg.data<double>().ToArray(), Is.EqualTo(new[] { 0.8, 1, 1.2 }).Within(1e-15));
    }

    [Test]
    public void Without_momentum_or_before_the_first_step_SGD_remembers_nothing()
    {
        using var p = new Parameter(tensor(new double[] { 1 }));
        using var plain = optim.SGD([p], 0.1);
        using var heavy = optim.SGD([p], 0.1, momentum: 0.9);
        Tensor? Buffer(SGD optimizer) => ((SGD.State)optimizer.state_dict().State[0]).momentum_buffer;
        Assert.That(Buffer(heavy), Is.Null);
        byte[] empty = Saved(heavy);

        Descend(plain, p);
        Descend(heavy, p);
        Assert.That(Buffer(plain), Is.Null);
        Assert.That(Buffer(heavy)!.item<double>(), Is.EqualTo(1.6).Within(1e-12));

        heavy.load_state_dict(new BinaryReader(new MemoryStream(empty)));
        Assert.That(Buffer(heavy), Is.Null);
    }

    [Test]
    public void A_state_made_inside_a_scope_outlives_it()
    {
        using var p = new Parameter(tensor(new double[] { 1 }));
        SGD sgd;
        using (NewDisposeScope())
        {
            sgd = optim.SGD([p], 0.1, momentum: 0.9);
            Descend(sgd, p);
        }

        using (sgd)
        {
            Descend(sgd, p);
        }

        Assert.That(p.item<double>(), Is.EqualTo(1 - 0.2 - (0.1 * ((0.9 * 2) + 1.6))).Within(1e-12));
    }

    [Test]
    public void A_group_can_be_added_later()
    {
        using var a = new Parameter(tensor(new double[] { 1 }));
        using var b = new Parameter(tensor(new double[] { 1 }));
        using var sgd = optim.SGD([a], 0.1, momentum: 0.9);

        sgd.add_param_group(new SGD.ParamGroup { Parameters = [b], Options = new SGD.Options { LearningRate = 0.5 } });
        Descend(sgd, b);

        Assert.That(b.item<double>(), Is.EqualTo(0));
        Assert.That(sgd.ParamGroups.Select(group => (group.LearningRate, group.InitialLearningRate)), Is.EqualTo(new[] { (0.1, 0.1), (0.5, 0.5) }));
        Assert.That(((SGD.Options)sgd.state_dict().Options[1]).momentum, Is.EqualTo(0.9), "what was left open is the optimiser's");
    }

    [Test]
    public void What_cannot_be_is_refused()
    {
        using var a = new Parameter(tensor(new double[] { 1 }));
        using var b = new Parameter(tensor(new double[] { 1 }));
        using var one = optim.Adam([a]);
        using var two = optim.Adam([a, b]);
        using var other = optim.AdamW([a]);
        Parameter[] twice = [a, a];

        Assert.Multiple(() =>
        {
            Assert.That(() => optim.Adam([a], amsgrad: true), Throws.ArgumentException.With.Message.Contains("amsgrad"));
            Assert.That(() => optim.AdamW([a], maximize: true), Throws.ArgumentException.With.Message.Contains("AdamW"));
            Assert.That(() => optim.SGD([a], 0.1, nesterov: true), Throws.ArgumentException.With.Message.Contains("momentum > 0"));
            Assert.That(() => optim.SGD([a], 0.1, maximize: true), Throws.ArgumentException.With.Message.Contains("maximize"));
            Assert.That(() => optim.Adam(twice), Throws.ArgumentException.With.Message.Contains("once"));
            Assert.That(() => one.add_param_group(new AdamW.ParamGroup([b])), Throws.ArgumentException.With.Message.Contains("group of Adam"));
            Assert.That(() => one.load_state_dict(two.state_dict()), Throws.ArgumentException.With.Message.Contains("1 parameters"));
            Assert.That(() => Load(one, two), Throws.TypeOf<InvalidDataException>().With.Message.Contains("1 groups and 1 parameters, got Adam with 1 and 2"));
            Assert.That(() => Load(one, other), Throws.TypeOf<InvalidDataException>().With.Message.Contains("got AdamW"));
        });
    }

    private static void Load(OptimizerHelper into, OptimizerHelper from) => into.load_state_dict(new BinaryReader(new MemoryStream(Saved(from))));

    private static byte[] Saved(OptimizerHelper optimizer)
    {
        using var file = new MemoryStream();
        optimizer.save_state_dict(new BinaryWriter(file));
        return file.ToArray();
    }

    // One step with the gradient 2 p.
    private static void Descend(OptimizerHelper optimizer, Parameter p)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        (p * p).sum().backward();
        optimizer.step();
    }
}
